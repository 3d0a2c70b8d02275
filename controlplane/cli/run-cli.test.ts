import { describe, expect, it } from "vitest";
import { VERSION } from "../model/version.ts";
import { aCli, aWireNode } from "./test-kit.ts";

describe("wrong usage is told in one line, with exit code 64", () => {
  it.each([
    ["", "say what to do: node, job, execution, profile, status, version (see expanso-cli --help)"],
    ["node", "say what to do: list, describe, delete (see expanso-cli node --help)"],
    ["nodes", "unknown command 'nodes' (Did you mean node?) (see expanso-cli --help)"],
    ["node lst", "unknown command 'lst' (Did you mean one of list, ls?) (see expanso-cli node --help)"],
    [
      "node list --limt 3",
      "unknown option '--limt' (Did you mean --limit?) (see expanso-cli node list --help)",
    ],
    [
      "node list --limit 0",
      "option '-l, --limit <count>' argument '0' is invalid. It takes a whole number above 0. (see expanso-cli node list --help)",
    ],
    [
      "node list --label env",
      "option '-L, --label <k=v>' argument 'env' is invalid. It takes name=value. (see expanso-cli node list --help)",
    ],
    [
      "node list --format xml",
      "option '-f, --format <format>' argument 'xml' is invalid. Allowed choices are table, json, yaml. (see expanso-cli node list --help)",
    ],
    ["job deploy", "missing required argument 'file' (see expanso-cli job deploy --help)"],
    [
      "job deploy a b",
      "too many arguments for 'deploy'. Expected 1 argument but got 2: a, b. (see expanso-cli job deploy --help)",
    ],
  ])("%j", async (line, message) => {
    expect(await aCli().run(line)).toEqual({ code: 64, out: "", err: `expanso-cli: ${message}\n` });
  });
});

describe("help", () => {
  it.each([
    "--help",
    "-h",
    "help",
    "node --help",
    "job deploy --help",
    "execution list -h",
    "profile save --help",
  ])("%s goes to standard output, with examples where there is something to do", async (line) => {
    const { code, out, err } = await aCli().run(line);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^Usage: expanso-cli/);
    if (!line.startsWith("node")) expect(out).toContain("\nExamples:\n  ");
  });

  it("of a command shows the global flags", async () => {
    expect((await aCli().run("node list --help")).out).toContain("--endpoint <url>");
  });
});

describe("colour", () => {
  const routes = { "GET /nodes": { items: [aWireNode("11111111", "edge1")] } };
  const GREEN = "\u001b[32mconnected\u001b[0m";

  it("is for a person at a terminal", async () => {
    expect((await aCli({ routes, isTerminal: true }).run("node list")).out).toContain(GREEN);
    expect((await aCli({ routes }).run("node list")).out).not.toContain("\u001b");
  });

  it("is left out on request", async () => {
    const seen = [
      await aCli({ routes, isTerminal: true }).run("node list --no-style"),
      await aCli({ routes, isTerminal: true, env: { NO_COLOR: "1" } }).run("node list"),
      await aCli({ routes, isTerminal: true }).run("node list --format json"),
    ];
    expect(seen.map(({ out }) => out.includes("\u001b"))).toEqual([false, false, false]);
  });
});

describe("status", () => {
  it("shows the counts and the settings", async () => {
    const answer = {
      version: "0.1.0",
      nodes: { connected: 2, lost: 1 },
      jobs: {},
      settings: { avoid: "any-job" },
    };
    const cli = aCli({ routes: { "GET /status": answer } });
    expect((await cli.run("status")).out).toBe(`endpoint  http://localhost:9010
version   0.1.0
nodes     connected 2, lost 1
jobs      none
settings  avoid any-job
`);
    expect(JSON.parse((await cli.run("status --format json")).out)).toEqual(answer);
  });
});

describe("version", () => {
  it("tells both versions", async () => {
    const cli = aCli({ routes: { "GET /status": { version: "9.9.9" } } });
    expect((await cli.run("version")).out).toBe(`cli           ${VERSION}\norchestrator  9.9.9\n`);
    expect((await cli.run("--version")).out).toBe(`${VERSION}\n`);
  });

  it("is no failure when nobody answers", async () => {
    const { code, out } = await aCli().run("version");
    expect(code).toBe(0);
    expect(out).toMatch(/^cli +\S+\norchestrator +unknown: no answer from /);
  });
});

describe("what nobody foresaw", () => {
  it("is told in one line too, with exit code 70", async () => {
    const strange = { "GET /nodes": { items: [{ id: 7 }] } };
    const { code, err } = await aCli({ routes: strange }).run("node list");
    expect(code).toBe(70);
    expect(err).toMatch(
      /^expanso-cli: .+ \(a defect of expanso-cli, or an answer unlike an Expanso orchestrator's; please report it\)\n$/,
    );
  });
});

describe("in a simulation", () => {
  it("a command is done in microtasks alone, so that a virtual clock never waits for it", async () => {
    const cli = aCli({ routes: { "GET /executions": { items: [] } } });
    let exitCode: number | undefined;
    void cli.run("execution list -f yaml").then(({ code }) => (exitCode = code));
    await new Promise((resolve) => setImmediate(resolve));
    expect(exitCode).toBe(0);
  });
});
