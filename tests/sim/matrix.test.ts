import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Interrupted } from "../../harness/cli/exit-code.ts";
import { matrixCommand, type MatrixFlags } from "../../harness/cli/matrix-command.ts";
import { UsageError } from "../../harness/errors.ts";
import type { Scenario } from "../../harness/index.ts";
import type { Result } from "../../harness/report/result.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import { scenarios } from "../../scenarios/index.ts";
import { startRepro } from "../command.ts";
import { aCommandWorld, aReportFolder } from "./command-world.ts";

interface MatrixJson {
  readonly cells: readonly Result[];
  readonly unexpected: number;
  readonly wallMs: number;
  readonly interrupted?: number;
}

const [headline] = scenarios;
const ONE: Partial<MatrixFlags> = { only: [headline!.id], fix: "none", timing: "fast" };

describe("repro matrix, in simulation", { timeout: 120_000 }, () => {
  it("finds every scenario as expected under every fix, in both timings", async () => {
    const { code, json, folder } = await matrix({});
    expect(json.cells.filter((cell) => !cell.asExpected).map(placeOf)).toEqual([]);
    expect({ code, unexpected: json.unexpected }).toEqual({ code: 0, unexpected: 0 });
    expect(json.cells).toHaveLength(scenarios.length * 6 * 2);
    expect(new Set(json.cells.map(placeOf)).size).toBe(json.cells.length);
    // What is as expected leaves its result alone.
    expect(readdirSync(folder).toSorted()).toEqual(["matrix.json", "matrix.md"]);
  });

  it("looks as the README shows it", async () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const shown =
      /```text\n(?<table>timing default .*?)\n```/s.exec(readme)?.groups?.["table"]?.split("\n") ?? [];
    const { said } = await matrix({ timing: "default", format: "text" });
    expect(shown.length).toBeGreaterThan(4);
    expect(shown.filter((line) => line.trim() !== "…" && !said.out.includes(line))).toEqual([]);
  });

  it("each cell is the run that its replay command repeats", async () => {
    const { json } = await matrix({ only: [headline!.id], fix: "pull", timing: "fast", seed: "7" });
    const [cell] = json.cells;
    expect(cell?.replay).toBe(
      "pnpm repro deploy-in-disconnect-window --engine sim --timing fast --fix pull --seed 7",
    );
    const args = cell!.replay.split(" ").slice(2);
    const again = await startRepro([...args, "--format", "json", "--out", aReportFolder()]).ended;
    const { verdict, loss, witnesses, virtualMs, knobs } = JSON.parse(again.stdout) as Result;
    expect(cell).toMatchObject({ verdict, loss, witnesses, virtualMs, knobs });
  });

  it("shards are parts of the whole", async () => {
    const flags = { only: ["deploy"], fix: "none,pull", timing: "fast" };
    const all = (await matrix(flags)).json.cells.map(placeOf);
    const parts: string[] = [];
    for (const shard of ["1/3", "2/3", "3/3"]) {
      parts.push(...(await matrix({ ...flags, shard })).json.cells.map(placeOf));
    }
    expect(parts.toSorted()).toEqual(all.toSorted());
  });

  it("JSON on standard output is the same as in the report, to its end, and nothing else", async () => {
    const out = aReportFolder();
    const args = ["matrix", "--engine", "sim", "--timing", "default", "--format", "json", "--out", out];
    const { stdout, exitCode } = await startRepro(args).ended;
    expect(exitCode).toBe(0);
    // More than a pipe takes at once.
    expect(stdout.length).toBeGreaterThan(64 * 1024);
    const printed = JSON.parse(stdout) as MatrixJson;
    expect(Object.keys(printed)).toEqual(["cells", "unexpected", "wallMs"]);
    const written = JSON.parse(readFileSync(join(out, "matrix.json"), "utf8")) as MatrixJson;
    expect(printed.cells).toEqual(written.cells);
  });
});

describe("a cell that is not as expected", { timeout: 60_000 }, () => {
  const wrong: Scenario = { ...headline!, expected: { none: "held" } };

  it("makes the exit code 1, stands out, and leaves its whole report", async () => {
    const { code, said, folder } = await matrix(
      { fix: "none,pull", timing: "fast", format: "text" },
      { scenarios: [wrong] },
    );
    expect(code).toBe(1);
    expect(said.out).toContain("deploy-in-disconnect-window  V L1!  H");
    const told = said.out.indexOf("deploy-in-disconnect-window · timing fast · fix none");
    expect(said.out[told + 1]).toMatch(/^ {2}expected held, seen violated L1: /);
    const cell = join(folder, "cells", "deploy-in-disconnect-window-fast-none");
    expect(said.out[told + 2]).toBe(`  report   ${cell}`);
    expect(said.out[told + 3]).toMatch(/^ {2}replay {3}pnpm repro deploy-in-disconnect-window --engine sim /);
    const files = ["issue.md", "logs", "repro.sh", "result.json", "timeline.jsonl"];
    expect(readdirSync(cell).toSorted()).toEqual(files);
  });

  it("by a defect makes it 70, and the other cells run all the same", async () => {
    const broken: Scenario = {
      ...headline!,
      run: () => {
        throw new TypeError("no such verb");
      },
    };
    const { code, json } = await matrix(
      { fix: "none", timing: "fast" },
      { scenarios: [broken, { ...headline!, id: "another" }] },
    );
    expect(code).toBe(70);
    expect(json.cells.map(({ verdict }) => verdict)).toEqual(["unknown", "violated"]);
    expect(json.cells[0]?.because).toContain("no such verb");
  });

  it("because it could not tell makes it 2", async () => {
    const silent: Scenario = { ...headline!, run: () => Promise.resolve() };
    const { code, said } = await matrix({ ...ONE, format: "text" }, { scenarios: [silent] });
    expect(code).toBe(2);
    expect(said.out).toContain("deploy-in-disconnect-window  ?!");
  });
});

describe("a cell for which the system lacks something", { timeout: 60_000 }, () => {
  const needy: Scenario = { ...headline!, id: "needy", needs: ["broker-record"] };
  const system = { ...bundledSystem, capabilities: new Set(["kept-identity"] as const) };

  it("is not run and not silently absent, also where the JSON has results only", async () => {
    const catalogue = { scenarios: [needy, headline!], system };
    const { code, json, said } = await matrix({ fix: "none", timing: "fast" }, catalogue);
    expect(json.cells.map(({ scenario }) => scenario)).toEqual([headline!.id]);
    expect(said.err).toEqual(["1 not run, not applicable: this system has no broker-record: needy"]);
    expect(code).toBe(0);
    const text = await matrix({ fix: "none", timing: "fast", format: "text" }, catalogue);
    expect(text.said.out).toContainEqual(expect.stringMatching(/^needy +n\/a$/));
  });

  it("is no pass if it is all there is", async () => {
    expect((await matrix({ fix: "none" }, { scenarios: [needy], system })).code).toBe(2);
  });
});

it("an interrupted matrix says how far it came, and keeps what it has", { timeout: 60_000 }, async () => {
  const controller = new AbortController();
  const interrupted = new Interrupted("SIGINT");
  const stopper: Scenario = {
    ...headline!,
    id: "stopper",
    run: () => {
      controller.abort(interrupted);
      return Promise.resolve();
    },
  };
  const folder = aReportFolder();
  const world = aCommandWorld({ signal: controller.signal, scenarios: [headline!, stopper, headline!] });
  const flags = { ...FLAGS, fix: "none", timing: "fast", out: folder };
  await expect(matrixCommand(flags, world)).rejects.toBe(interrupted);
  expect(world.said.err).toEqual([`repro: 1 of 3 cells had run, see ${folder}`]);
  const left = JSON.parse(readFileSync(join(folder, "matrix.json"), "utf8")) as MatrixJson;
  expect(left.cells.map(({ scenario }) => scenario)).toEqual([headline!.id]);
  expect(left.interrupted).toBe(2);
  expect(readFileSync(join(folder, "matrix.md"), "utf8")).toContain("2 not run, interrupted");
});

describe("wrong usage: the place, what is accepted, and nothing is run", () => {
  it.each<[Partial<MatrixFlags>, RegExp]>([
    [{ shard: "5/4" }, /^--shard: got "5\/4", accepted is I\/N/],
    [{ shard: "999999/999999" }, /^--shard 999999\/999999: there are only \d+ cells, this part has none$/],
    [{ only: ["nde-lost"] }, /^--only: no scenario is "nde-lost"/],
    [{ only: ["fix=bock"] }, /^--only: no fix is "bock" \(did you mean "block"\?\); here are none, block/],
    [{ fix: "none,bock" }, /^--fix: there is no "bock" \(did you mean "block"\?\)/],
    [{ timing: "fast,fsat" }, /^--timing: there is no profile "fsat" \(did you mean "fast"\?\)/],
    [{ jobs: "0" }, /^--jobs: got "0", accepted is a whole number from 1 to 16$/],
    [{ format: "yaml" }, /^--format: got "yaml"; accepted are text, json, markdown$/],
    [{ seed: "x" }, /^--seed: got "x"/],
    [{ engine: "dcker" }, /^--engine: got "dcker" \(did you mean "docker"\?\)/],
  ])("%j", async (flags, message) => {
    const out = join(aReportFolder(), "none");
    const world = aCommandWorld();
    const error = await matrixCommand({ ...FLAGS, out, ...flags }, world).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(message);
    expect(world.said).toEqual({ out: [], err: [] });
    expect(existsSync(out)).toBe(false);
  });

  it("ends with 64", async () => {
    const { exitCode, stdout, stderr } = await startRepro(["matrix", "--shard", "5/4"]).ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(stderr).toBe('repro: --shard: got "5/4", accepted is I/N with I from 1 to N, for example 1/4\n');
  });
});

const FLAGS: MatrixFlags = { engine: "sim", seed: "1", format: "json" };

/** Runs it in this process. */
async function matrix(flags: Partial<MatrixFlags>, at: Parameters<typeof aCommandWorld>[0] = {}) {
  const folder = aReportFolder();
  const world = aCommandWorld(at);
  const code = await matrixCommand({ ...FLAGS, out: folder, ...flags }, world);
  const json = JSON.parse(readFileSync(join(folder, "matrix.json"), "utf8")) as MatrixJson;
  return { code, json, folder, said: world.said };
}

function placeOf({ scenario, timing, fix }: Result): string {
  return `${scenario} ${timing} ${fix}`;
}
