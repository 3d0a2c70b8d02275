import { scenarios } from "../../scenarios/index.ts";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { Result } from "../report/result.ts";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const SCENARIOS = scenarios.map(({ id }) => id).join(", ");
const HINT = "(`repro --help` shows what is accepted)";
const folder = mkdtempSync(join(tmpdir(), "repro-cli-"));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
afterAll(() => rmSync(folder, { recursive: true }));

describe(
  "wrong usage: exit 64, one line that names the place, nothing on standard output",
  { timeout: 60_000 },
  () => {
    it.concurrent.each([
      [
        "an option that there is not",
        ["--timeing", "fast"],
        `repro: unknown option '--timeing'\n(Did you mean --timing?)\n${HINT}`,
      ],
      [
        "a misspelt scenario",
        ["deploy-in-disconect-window"],
        `repro: there is no scenario "deploy-in-disconect-window" (did you mean "deploy-in-disconnect-window"?); accepted are ${SCENARIOS}, all, or a file like ./mine.ts`,
      ],
      [
        "a scenario that there is not, beside `all`",
        ["all", "frobnicate"],
        `repro: there is no scenario "frobnicate"; accepted are ${SCENARIOS}, all, or a file like ./mine.ts`,
      ],
      [
        "a misspelt command",
        ["matrx", "--engine", "sim"],
        `repro: there is no scenario "matrx" (did you mean "matrix"?); accepted are ${SCENARIOS}, all, or a file like ./mine.ts`,
      ],
      [
        "a part of a scenario's name",
        ["blocks-next"],
        `repro: there is no scenario "blocks-next" (did you mean "cascade-blocks-next-job"?); accepted are ${SCENARIOS}, all, or a file like ./mine.ts`,
      ],
      [
        "a knob that is set twice",
        ["--set", "heartbeat=1s", "--set", "heartbeat=2s"],
        'repro: --set: "heartbeat" is given twice, heartbeat=1s and heartbeat=2s; accepted is one value for each knob',
      ],
      [
        "a misspelt timing",
        ["--timing", "fsat"],
        'repro: --timing: there is no profile "fsat" (did you mean "fast"?); accepted are default, fast, batch-1s, heartbeat-1s or a file',
      ],
      [
        "a timing file that is not there",
        ["--timing", "./none.yaml"],
        "repro: --timing: cannot read ./none.yaml: ENOENT: no such file or directory, open './none.yaml'",
      ],
      [
        "a bad duration in a timing file",
        ["--timing", file("bad.yaml", "heartbeat: 1s\nlostTimeout: soon\n")],
        `repro: ${join(folder, "bad.yaml")}:2:1: got "soon", accepted is a duration like 250ms, 1s, 5m or 1h`,
      ],
      ["no edges", ["--edges", "0"], 'repro: --edges: got "0", accepted is a whole number from 1 to 10000'],
      [
        "a misspelt engine",
        ["--engine", "dcker"],
        'repro: --engine: got "dcker" (did you mean "docker"?); accepted are auto, docker, sim',
      ],
      [
        "a system that there is not",
        ["matrix", "--system", "expnso"],
        'repro: --system: got "expnso" (did you mean "expanso"?); accepted are bundled, expanso, cloud',
      ],
      [
        "a system that there is not, of a list",
        ["list", "--system", "x"],
        'repro: --system: got "x"; accepted are bundled, expanso, cloud',
      ],
      [
        "a misspelt format",
        ["list", "--format", "jsn"],
        'repro: --format: got "jsn" (did you mean "json"?); accepted are text, json',
      ],
    ])("%s", async (_what, args, message) => {
      expect(await repro(args)).toEqual({ code: 64, out: "", err: `${message}\n` });
    });
  },
);

describe("help: exit 0, on standard output", { timeout: 60_000 }, () => {
  it.concurrent("of everything: the commands and examples", async () => {
    const { code, out, err } = await repro(["--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("Usage: repro [options] [command]");
    for (const command of ["run", "list", "images", "clean", "up", "down", "ps", "kill", "logs"])
      expect(out).toMatch(new RegExp(`^  ${command} `, "m"));
    expect(out).toContain("pnpm repro --timing fast");
  });

  it.concurrent("of run: the options and every exit code", async () => {
    const { code, out } = await repro(["run", "--help"]);
    expect(code).toBe(0);
    for (const option of ["engine", "timing", "edges", "repeat", "seed", "keep", "out", "format", "verbose"])
      expect(out).toContain(`--${option}`);
    const codes = [...out.matchAll(/^  (\d+) /gm)].map(([, number]) => Number(number));
    expect(codes).toEqual([0, 1, 2, 3, 64, 70, 130]);
  });
});

describe("list: the catalogue, the headline first", { timeout: 60_000 }, () => {
  it.concurrent("for people", async () => {
    const { code, out, err } = await repro(["list"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.split("\n").slice(0, 4)).toEqual([
      "deploy-in-disconnect-window",
      "  A job deployed before a dead node is noticed runs once the node is back.",
      "  2 edges · none: violated L1 · block: violated L1 · redispatch: held · pull: held · resync: held · supersede: violated L1",
      "  from seed 002, Reproduce the bug; seed 002, The 5-Minute Disconnect Window",
    ]);
  });

  it.concurrent("for programs", async () => {
    const { code, out } = await repro(["list", "--format", "json"]);
    expect(code).toBe(0);
    const listed = JSON.parse(out) as Record<string, unknown>[];
    expect(listed.map(({ id }) => id).join(", ")).toBe(SCENARIOS);
    expect(Object.keys(listed[0] ?? {})).toEqual(["id", "claim", "covers", "edges", "expected", "needs"]);
  });
});

describe(
  "an engine that is configured and does not answer: exit 3, never a simulation",
  { timeout: 60_000 },
  () => {
    it.concurrent.each([
      ["run", ["--timing", "fast"]],
      ["run, as JSON", ["--timing", "fast", "--format", "json"]],
      ["clean", ["clean"]],
      ["up", ["up"]],
      ["ps", ["ps"]],
      ["logs", ["logs", "--follow"]],
    ])("%s", async (_what, args) => {
      const answer = await repro(args, { DOCKER_HOST: "unix:///nonexistent.sock" });
      expect(answer).toEqual({
        code: 3,
        out: "",
        err:
          "repro: the engine at /nonexistent.sock, from DOCKER_HOST: no such socket\n" +
          "  mend: start that engine, or look where engines usually are: unset DOCKER_HOST\n",
      });
    });
  },
);

describe("a build of somebody's own", { timeout: 60_000 }, () => {
  const build = join(folder, "build");
  mkdirSync(build);
  for (const name of ["expanso-orchestrator", "expanso-edge", "expanso-cli"]) {
    // The beginning of a Linux program: enough to be taken for one until it is to be started.
    const head = Buffer.from("7f454c4602010100000000000000000002003e00", "hex");
    writeFileSync(join(build, name), head, { mode: 0o755 });
  }
  const env = { EXPANSO_REPO: folder };

  it.concurrent.each([
    [
      "is not simulated",
      ["--engine", "sim"],
      "repro: --engine sim: a simulation has the bundled code only, and nothing of --system expanso; leave one of them out",
    ],
    [
      "is not asked for a fix that it does not have",
      ["matrix", "--fix", "none,pull"],
      'repro: --fix: got "pull", accepted is none alone: what recovers here, and how, is not ours to set; --expect says what you expect of it',
    ],
  ])("%s: exit 64", async (_what, args, message) => {
    expect(await repro([...args, "--system", "expanso"], env)).toEqual({
      code: 64,
      out: "",
      err: `${message}\n`,
    });
  });

  it.concurrent.each([["run"], ["matrix"], ["sweep"], ["walkthrough", "--yes"], ["images"]])(
    "that is not there ends %s before anything is started: exit 3",
    async (...args) => {
      const answer = await repro([...args, "--system", "expanso"], { EXPANSO_REPO: join(folder, "gone") });
      expect(answer).toEqual({
        code: 3,
        out: "",
        err:
          `repro: expanso-orchestrator in the checkout that EXPANSO_REPO names, ${join(folder, "gone")}: there is no such folder\n` +
          "  mend: correct it, or: unset EXPANSO_REPO\n",
      });
    },
  );
});

describe("a run in simulation", { timeout: 60_000 }, () => {
  const simulate = (name: string, ...args: readonly string[]) =>
    repro(["--engine", "sim", "--out", join(folder, name), ...args]);

  it.concurrent("tells its story, its verdict, where the report is, and how to see it again", async () => {
    const { code, out, err } = await simulate("text", "--seed", "7");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const lines = out.trimEnd().split("\n");
    expect(lines[1]).toContain(
      "deploy-in-disconnect-window   simulation (asked for) · timing default · fix none · 2 edges · seed 7",
    );
    expect(out).toMatch(
      /^SIMULATED VIOLATED, as expected under fix none   L1 void · 3 independent witnesses · /m,
    );
    expect(lines.slice(-2)).toEqual([
      `  report   ${join(folder, "text")}`,
      "  replay   pnpm repro deploy-in-disconnect-window --engine sim --seed 7",
    ]);
    expect(readdirSync(join(folder, "text"))).toEqual(
      expect.arrayContaining(["issue.md", "logs", "repro.sh", "result.json", "timeline.jsonl"]),
    );
  });

  it.concurrent("as JSON is the result alone, the same as in its report", async () => {
    const { code, out } = await simulate("json", "--format", "json", "--timing", "fast");
    expect(code).toBe(0);
    const result = JSON.parse(out) as Result;
    expect(result).toMatchObject({ verdict: "violated", loss: "L1", simulated: true, asExpected: true });
    expect(JSON.parse(readFileSync(join(folder, "json", "result.json"), "utf8"))).toEqual(result);
  });

  it.concurrent("of several is an array, each with a folder of its own", async () => {
    const names = ["deploy-all-connected", "deploy-with-no-nodes", "brief-disconnect"];
    const { out } = await simulate("several", ...names, "--format", "json", "--timing", "default");
    const results = JSON.parse(out) as Result[];
    expect(results.map((result) => result.scenario)).toEqual(names);
    expect(readdirSync(join(folder, "several"))).toHaveLength(results.length);
  });

  it.concurrent("uses no colour where NO_COLOR asks for none, and does where it is forced", async () => {
    const args = ["list"];
    expect((await repro(args, { FORCE_COLOR: "1" })).out).toContain("\u001b[");
    expect((await repro(args, { FORCE_COLOR: "1", NO_COLOR: "1" })).out).not.toContain("\u001b[");
  });

  it.concurrent("goes on to its end when its reader leaves", async () => {
    const { code, err } = await repro(
      ["--engine", "sim", "--out", join(folder, "unread")],
      {},
      { isRead: false },
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(readdirSync(join(folder, "unread"))).toContain("result.json");
  });

  it.concurrent("into a folder that cannot be written is exit 3", async () => {
    const out = join(file("not-a-folder", ""), "run");
    const { code, err } = await repro(["--engine", "sim", "--out", out]);
    expect(code).toBe(3);
    expect(err).toMatch(/^repro: a report in .*: ENOTDIR: .*\n {2}mend: .*--out DIR\n$/);
  });
});

/** Runs `repro` as people do, without colour. */
function repro(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { isRead = true }: { readonly isRead?: boolean } = {},
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  return new Promise((resolve, reject) => {
    const { FORCE_COLOR: _, NO_COLOR: __, ...rest } = process.env;
    const child = spawn(process.execPath, ["repro.ts", ...args], {
      cwd: REPOSITORY,
      env: { ...rest, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = { out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said.out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said.err += text));
    if (!isRead) child.stdout.destroy();
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...said }));
  });
}
