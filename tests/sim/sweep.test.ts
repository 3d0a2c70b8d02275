import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sweepCommand, type SweepFlags } from "../../harness/cli/sweep-command.ts";
import type { sweepJson } from "../../harness/report/sweep-report.ts";
import { UsageError } from "../../harness/errors.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import { startRepro } from "../command.ts";
import { aCommandWorld, aReportFolder } from "./command-world.ts";

type SweepJson = ReturnType<typeof sweepJson>;

/** Each change of outcome, and the line at which it has to be (spec 1-system, "Eight ways to get stuck"). */
const WINDOW = [
  ["held", "violated L1", "Client connection closed: Client Closed"],
  ["violated L1", "violated L2", "NODE: leave - marked disconnected"],
  ["violated L2", "violated L3", "HANDSHAKE: Node handshake completed"],
  ["violated L3", "held", "TRANSPORT: Data plane ready"],
];

describe("repro sweep, in simulation", { timeout: 60_000 }, () => {
  it.each([
    ["default", ["1", "2"]],
    ["fast", ["1", "2"]],
    ["heartbeat-1s", ["1"]],
  ])(
    "finds the edges of the window to 100 ms of the lines that the same runs log, in %s timing",
    async (timing, seeds) => {
      for (const seed of seeds) {
        const { code, json } = await sweep({ timing, seed });
        expect(json.boundaries.map(({ from, to, line }) => [from, to, line.message])).toEqual(WINDOW);
        for (const { afterMs, byMs, line, apartMs } of json.boundaries) {
          expect(afterMs).toBeLessThanOrEqual(line.atMs);
          expect(byMs).toBeGreaterThanOrEqual(line.atMs);
          expect(apartMs).toBeLessThanOrEqual(100);
        }
        expect({ code, unexpected: json.unexpected }).toEqual({ code: 0, unexpected: 0 });
      }
    },
  );

  it("finds the disconnect where the pace says that it has to be", async () => {
    const { json } = await sweep({ timing: "default" });
    const noticedMs = json.boundaries[1]!.line.atMs;
    // Spec 3-scenarios: heartbeat age and check interval move it.
    expect(noticedMs).toBeGreaterThanOrEqual(285_000);
    expect(noticedMs).toBeLessThanOrEqual(330_000);
  });

  it.each([
    [
      "block",
      [
        ["held", "violated L1"],
        ["violated L1", "held"],
      ],
    ],
    ["redispatch", []],
    ["pull", []],
    ["resync", []],
  ])("under %s finds what is left of the window", async (fix, changes) => {
    const { code, json } = await sweep({ timing: "default", fix });
    expect(code).toBe(0);
    expect(json.boundaries.map(({ from, to }) => [from, to])).toEqual(changes);
  });

  it("goes as fine as it is told", async () => {
    const { code, json } = await sweep({
      timing: "fast",
      from: "2s",
      to: "4s",
      step: "1s",
      precision: "2ms",
    });
    expect(code).toBe(0);
    expect(json.boundaries.map(({ to }) => to)).toEqual(["violated L2"]);
    const [{ afterMs, byMs }] = json.boundaries as [SweepJson["boundaries"][number]];
    expect(byMs - afterMs).toBeLessThanOrEqual(2);
  });

  it("kills at the same moment in every run, wherever the deployment is", async () => {
    const { json } = await sweep({ timing: "fast" });
    const noticed = json.points.flatMap(({ landmarks }) =>
      landmarks.filter(({ name }) => name === "disconnected").map(({ line }) => line.slice(0, 24)),
    );
    expect(noticed.length).toBe(json.points.length);
    expect(new Set(noticed).size).toBe(1);
  });
});

it("a run that does not agree with its own log makes the exit code 1, and leaves its whole report", async () => {
  // Nothing is ever named, as in a build whose log lines are not what they should be.
  const system = { ...bundledSystem, explainLoss: () => undefined };
  const flags = { timing: "fast", from: "1s", to: "1s", step: "1s", format: "text" };
  const { code, folder, said } = await sweep(flags, { system });
  expect(code).toBe(1);
  expect(said.out).toContainEqual(
    expect.stringMatching(/^! dispatched at 1\.\d+: expected violated L1, seen violated: /),
  );
  expect(readdirSync(join(folder, "points", "1s")).toSorted()).toEqual([
    "issue.md",
    "logs",
    "repro.sh",
    "result.json",
    "timeline.jsonl",
  ]);
}, 60_000);

describe("wrong usage: the place, what is accepted, and nothing is run", () => {
  it.each<[Partial<SweepFlags>, RegExp]>([
    [{ from: "soon" }, /^--from: got "soon", accepted is a duration after the kill like 4s/],
    [{ from: "-1s", to: "-2s" }, /^--to: got "-2s", accepted is --from \(-1s\) or later$/],
    [{ step: "0s" }, /^--step: got "0s", accepted is a duration/],
    [{ precision: "x" }, /^--precision: got "x", accepted is a duration/],
    [{ fix: "bock" }, /^--fix: there is no "bock" \(did you mean "block"\?\)/],
    [{ set: ["lostTimeout=5s"] }, /^--timing fast lostTimeout=5s: lostTimeout is 5s, too short for a sweep/],
    [{ format: "markdown" }, /^--format: got "markdown"; accepted are text, json$/],
  ])("%j", async (flags, message) => {
    const out = join(aReportFolder(), "none");
    const world = aCommandWorld();
    const error = await sweepCommand({ ...FLAGS, out, ...flags }, world).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(message);
    expect(world.said).toEqual({ out: [], err: [] });
    expect(existsSync(out)).toBe(false);
  });

  it("is told of an offset before the kill, which looks like an option", async () => {
    const args = ["--from", "-2s", "--to", "-3s", "--timing", "fast"];
    const { exitCode, stdout, stderr } = await startRepro(["sweep", ...args]).ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(stderr).toBe('repro: --to: got "-3s", accepted is --from (-2s) or later\n');
  });
});

const FLAGS: SweepFlags = { engine: "sim", seed: "1", timing: "fast", fix: "none", format: "json" };

/** Runs it in this process. */
async function sweep(flags: Partial<SweepFlags>, at: Parameters<typeof aCommandWorld>[0] = {}) {
  const folder = aReportFolder();
  const world = aCommandWorld(at);
  const all = {
    engine: "sim",
    seed: "1",
    timing: "fast",
    fix: "none",
    format: "json",
    out: folder,
    ...flags,
  };
  const code = await sweepCommand(all, world);
  const json = JSON.parse(readFileSync(join(folder, "sweep.json"), "utf8")) as SweepJson;
  return { code, json, folder, said: world.said };
}
