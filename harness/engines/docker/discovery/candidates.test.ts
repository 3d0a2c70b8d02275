import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { EnvironmentError } from "../../../errors.ts";
import { candidates, type HostFacts } from "./candidates.ts";

describe("where to look for an engine", () => {
  it("is where engines usually are, if nobody said anything", () => {
    const where = candidates(aHost({ env: { XDG_RUNTIME_DIR: "/run/user/7" } }));
    expect(where.kind === "usual" && where.candidates.map(({ from }) => from)).toEqual([
      "/var/run/docker.sock",
      "/home/me/.docker/run/docker.sock",
      "/home/me/.colima/default/docker.sock",
      "/home/me/.orbstack/run/docker.sock",
      "/run/user/7/docker.sock",
    ]);
  });

  it("is DOCKER_HOST before any context", () => {
    const env = { DOCKER_HOST: "tcp://box:2375", DOCKER_CONTEXT: "colima" };
    expect(candidates(aHost({ env, files: aContext("colima", "unix:///c.sock") }))).toEqual({
      kind: "configured",
      candidate: { endpoint: { kind: "tcp", host: "box", port: 2375 }, from: "DOCKER_HOST" },
    });
  });

  it("is DOCKER_HOST with the certificates that the environment names", () => {
    const secured = (env: Record<string, string>) =>
      candidates(aHost({ env: { DOCKER_HOST: "tcp://box", DOCKER_TLS_VERIFY: "1", ...env } }));
    expect(secured({ DOCKER_CERT_PATH: "/certs" })).toMatchObject({
      candidate: { endpoint: { tls: { folder: "/certs" } } },
    });
    expect(secured({})).toMatchObject({ candidate: { endpoint: { tls: { folder: "/home/me/.docker" } } } });
  });

  it("is the context that DOCKER_CONTEXT names before the chosen one", () => {
    const files = {
      ...aContext("colima", "unix:///c.sock"),
      ...aContext("orb", "unix:///o.sock"),
      ...chosen("orb"),
    };
    expect(candidates(aHost({ files }))).toMatchObject({ candidate: { from: 'the Docker context "orb"' } });
    expect(candidates(aHost({ files, env: { DOCKER_CONTEXT: "colima" } }))).toEqual({
      kind: "configured",
      candidate: { endpoint: { kind: "socket", path: "/c.sock" }, from: 'the Docker context "colima"' },
    });
  });

  it("reads contexts from the folder that DOCKER_CONFIG names, with their certificates", () => {
    const folder = "/etc/mine";
    const tls = `${folder}/contexts/tls/${sha256("box")}/docker`;
    const files = {
      ...aContext("box", "tcp://box", folder),
      ...chosen("box", folder),
      [`${tls}/ca.pem`]: "…",
    };
    expect(candidates(aHost({ files, env: { DOCKER_CONFIG: folder } }))).toMatchObject({
      candidate: { endpoint: { kind: "tcp", port: 2376, tls: { folder: tls } } },
    });
  });

  it.each([
    ["the context called default", chosen("default")],
    ["a config without a context", { "/home/me/.docker/config.json": "{}" }],
    ["a config that is no JSON", { "/home/me/.docker/config.json": "{oops" }],
  ])("takes %s for none", (_, files) => {
    expect(candidates(aHost({ files }))).toMatchObject({ kind: "usual" });
  });

  it("takes an empty DOCKER_HOST for none", () => {
    expect(candidates(aHost({ env: { DOCKER_HOST: "", DOCKER_CONTEXT: "" } }))).toMatchObject({
      kind: "usual",
    });
  });

  it.each([
    ["does not exist", chosen("gone"), "there is no context of that name"],
    [
      "has no address",
      { ...chosen("gone"), [metaPath("gone")]: "{}" },
      "its meta.json names no docker endpoint",
    ],
  ])("is an error when the chosen context %s", (_, files, seen) => {
    const looking = () => candidates(aHost({ files }));
    expect(looking).toThrow(EnvironmentError);
    expect(looking).toThrow(`an engine's address from the Docker context "gone": ${seen}`);
  });
});

function aHost(facts: { env?: Record<string, string>; files?: Record<string, string> }): HostFacts {
  return {
    env: facts.env ?? {},
    home: "/home/me",
    platform: "linux",
    readFile: (path) => facts.files?.[path],
  };
}

function aContext(name: string, address: string, folder?: string): Record<string, string> {
  return {
    [metaPath(name, folder)]: JSON.stringify({ Name: name, Endpoints: { docker: { Host: address } } }),
  };
}

function chosen(name: string, folder = "/home/me/.docker"): Record<string, string> {
  return { [`${folder}/config.json`]: JSON.stringify({ currentContext: name }) };
}

function metaPath(name: string, folder = "/home/me/.docker"): string {
  return `${folder}/contexts/meta/${sha256(name)}/meta.json`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
