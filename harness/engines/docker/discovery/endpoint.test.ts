import { describe, expect, it } from "vitest";
import { EnvironmentError } from "../../../errors.ts";
import { describeEndpoint, parseEndpoint } from "./endpoint.ts";

describe("an engine's address", () => {
  it.each([
    ["unix:///run/user/1000/docker.sock", { kind: "socket", path: "/run/user/1000/docker.sock" }],
    ["npipe:////./pipe/docker_engine", { kind: "socket", path: "//./pipe/docker_engine" }],
    ["tcp://10.0.0.5:2375", { kind: "tcp", host: "10.0.0.5", port: 2375 }],
    ["tcp://build-box", { kind: "tcp", host: "build-box", port: 2375 }],
    ["tcp://[fe80::1]:80", { kind: "tcp", host: "fe80::1", port: 80 }],
    ["ssh://me@build-box", { kind: "ssh", host: "build-box", port: 22, username: "me" }],
    ["ssh://build-box:2222", { kind: "ssh", host: "build-box", port: 2222 }],
  ])("%s is understood", (address, endpoint) => {
    expect(parseEndpoint(address, "DOCKER_HOST")).toEqual(endpoint);
  });

  it("over TLS has another port unless it says one", () => {
    const tls = { folder: "/certs" };
    expect(parseEndpoint("tcp://box", "DOCKER_HOST", tls)).toEqual({
      kind: "tcp",
      host: "box",
      port: 2376,
      tls,
    });
  });

  it.each(["localhost:2375", "/var/run/docker.sock", "tcp://", "ftp://box", "tcp://a b", "ssh://"])(
    "%s is none, and the error says who said so",
    (address) => {
      const parsing = () => parseEndpoint(address, "DOCKER_HOST");
      expect(parsing).toThrow(EnvironmentError);
      expect(parsing).toThrow(`an engine's address from DOCKER_HOST: "${address}" is none`);
    },
  );

  it.each(["/var/run/docker.sock", "tcp://box:2375", "ssh://me@box:22"])(
    "%s is told as it is typed",
    (text) => {
      const address = text.startsWith("/") ? `unix://${text}` : text;
      expect(describeEndpoint(parseEndpoint(address, "x"))).toBe(text);
    },
  );
});
