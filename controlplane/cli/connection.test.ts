import { describe, expect, it } from "vitest";
import { aCli, status } from "./test-kit.ts";

const routes = { "GET /nodes": { items: [] } };
const profiles = JSON.stringify({
  current: "prod",
  profiles: {
    prod: { endpoint: "https://prod:9010", apiKey: "prod-key", timeout: "5s" },
    lab: { endpoint: "https://lab:9010", insecure: true },
  },
});
const ENV = {
  EXPANSO_CLI_ENDPOINT: "http://env:9010",
  EXPANSO_CLI_AUTH_API_KEY: "env-key",
  EXPANSO_CLI_TIMEOUT: "6s",
};

describe("what a request is sent to", () => {
  it.each([
    ["the default", "node list", {}, undefined, ["http://localhost:9010", undefined, 30_000]],
    ["the profile in use", "node list", {}, profiles, ["https://prod:9010", "Bearer prod-key", 5_000]],
    [
      "the environment before the profile",
      "node list",
      ENV,
      profiles,
      ["http://env:9010", "Bearer env-key", 6_000],
    ],
    [
      "flags before all",
      "--endpoint http://flag:1 node --api-key flag-key list --timeout 250ms",
      ENV,
      profiles,
      ["http://flag:1", "Bearer flag-key", 250],
    ],
    ["a profile named by a flag", "node list -p lab", {}, profiles, ["https://lab:9010", undefined, 30_000]],
    [
      "a profile named by the environment",
      "node list",
      { EXPANSO_CLI_PROFILE: "lab" },
      profiles,
      ["https://lab:9010", undefined, 30_000],
    ],
    [
      "an environment that is empty counts as not set",
      "node list",
      { EXPANSO_CLI_ENDPOINT: "" },
      undefined,
      ["http://localhost:9010", undefined, 30_000],
    ],
  ])("is %s", async (_, line, env, saved, wanted) => {
    const cli = aCli({ routes, env, ...(saved !== undefined && { profiles: saved }) });
    expect((await cli.run(line)).err).toBe("");
    const [request] = cli.sent;
    expect([
      request?.url.replace("/api/v1/nodes", ""),
      request?.headers?.["authorization"],
      request?.timeoutMs,
    ]).toEqual(wanted);
  });

  it.each([
    ["orchestrator:9010", "http://orchestrator:9010/api/v1/nodes"],
    ["https://host/", "https://host/api/v1/nodes"],
    ["https://host/expanso/api/v1", "https://host/expanso/api/v1/nodes"],
  ])("may be written as %s", async (endpoint, url) => {
    const cli = aCli({ routes });
    await cli.run(`node list --endpoint ${endpoint}`);
    expect(cli.sent[0]?.url).toBe(url);
  });

  it.each([
    ["on this machine", "node list", "Bearer local-key"],
    ["by its address", "node list --endpoint http://127.0.0.1:9010", "Bearer local-key"],
    ["unless another is said", "node list --api-key said", "Bearer said"],
    [
      "and no other orchestrator is ever shown it",
      "node list --endpoint http://localhost.example:9010",
      undefined,
    ],
    ["nor whatever else listens here", "node list --endpoint http://localhost:8080", undefined],
  ])("is shown the key that its orchestrator has left: %s", async (_, line, authorization) => {
    const cli = aCli({ routes, files: { "/run/expanso/api-key": "local-key\n" } });
    await cli.run(line);
    expect(cli.sent[0]?.headers?.["authorization"]).toBe(authorization);
  });

  it("is sent to without a look at its certificate only with --insecure", async () => {
    const cli = aCli({ routes, profiles });
    await cli.run("node list");
    await cli.run("node list --insecure");
    await cli.run("node list --profile lab");
    expect(cli.sent.map(({ headers }) => headers?.["insecure"])).toEqual([undefined, "yes", "yes"]);
  });
});

describe("what cannot be used", () => {
  it.each([
    [
      "node list --endpoint ftp://x",
      {},
      '--endpoint: expected a URL such as http://localhost:9010, saw "ftp://x"',
    ],
    [
      "node list",
      { EXPANSO_CLI_ENDPOINT: "http://" },
      'EXPANSO_CLI_ENDPOINT: expected a URL such as http://localhost:9010, saw "http://"',
    ],
    [
      "node list --timeout 30",
      {},
      '--timeout: expected a duration such as 10s or 500ms, saw "30" (did you mean 30s?)',
    ],
    [
      "node list",
      { EXPANSO_CLI_TIMEOUT: "0s" },
      'EXPANSO_CLI_TIMEOUT: expected a duration such as 10s or 500ms, saw "0s"',
    ],
    [
      "node list",
      { EXPANSO_CLI_AUTH_API_KEY: "a\nb" },
      "EXPANSO_CLI_AUTH_API_KEY: an API key has no spaces, line ends or other characters that a header cannot carry",
    ],
    [
      "node list -p prd",
      {},
      'there is no profile "prd"; saved: lab, prod; expanso-cli profile save prd --endpoint URL',
    ],
  ])("%s with %j is wrong usage", async (line, env, message) => {
    const cli = aCli({ routes, env, profiles });
    expect(await cli.run(line)).toEqual({ code: 64, out: "", err: `expanso-cli: ${message}\n` });
    expect(cli.requests).toEqual([]);
  });
});

describe("an orchestrator that", () => {
  it("is not there is named, with who named it and how to name another", async () => {
    expect(await aCli({ env: { EXPANSO_CLI_ENDPOINT: "http://down:9010" } }).run("node list")).toEqual({
      code: 1,
      out: "",
      err:
        "expanso-cli: no answer from http://down:9010/api/v1/nodes: connection refused (ECONNREFUSED); is the " +
        "orchestrator up? (http://down:9010 comes from EXPANSO_CLI_ENDPOINT, --endpoint URL names another)\n",
    });
  });

  it.each([
    [
      401,
      { code: "UNAUTHORIZED", message: "this orchestrator wants an API key" },
      "this orchestrator wants an API key",
    ],
    [
      403,
      "forbidden",
      "http://localhost:9010 refuses the API key; set --api-key or EXPANSO_CLI_AUTH_API_KEY",
    ],
    [
      502,
      "<html>Bad\nGateway</html>",
      "http://localhost:9010 (from the default) answers unlike an Expanso orchestrator (HTTP 502); check --endpoint",
    ],
    [
      200,
      "<html>Welcome</html>",
      "http://localhost:9010 (from the default) answers unlike an Expanso orchestrator (no JSON); check --endpoint",
    ],
    [
      200,
      { hello: 1 },
      "http://localhost:9010 (from the default) answers unlike an Expanso orchestrator (no list); check --endpoint",
    ],
    [500, { code: "INTERNAL", message: "disk\nfull\u001b[2J" }, "disk full�[2J"],
  ])("answers %d %j is told in one line", async (code, body, message) => {
    const cli = aCli({ routes: { "GET /nodes": status(code, body) } });
    expect(await cli.run("node list")).toEqual({ code: 1, out: "", err: `expanso-cli: ${message}\n` });
  });
});
