import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { EnvironmentError } from "../errors.ts";
import type { Result } from "../report/result.ts";
import { aCluster, type Happenings } from "../test-kit/a-cluster.ts";
import { aScenario, aTiming } from "../test-kit/a-cell.ts";
import { Interrupted } from "./exit-code.ts";
import { runQuietly } from "./run-quietly.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe("one of many runs", () => {
  it("that is judged ends with its result, and writes its whole report only when asked", async () => {
    const quiet = await run();
    expect(quiet).toMatchObject({ exitCode: 2, result: { verdict: "unknown", fix: "pull", seed: 7 } });
    expect(quiet.timeline.length).toBeGreaterThan(0);
    const folder = aFolder();
    quiet.writeReport(join(folder, "cell"));
    // The system of these tests is none that anybody could use by hand.
    expect(readdirSync(join(folder, "cell")).toSorted()).toEqual([
      "issue.md",
      "logs",
      "result.json",
      "timeline.jsonl",
    ]);
    expect(readdirSync(join(folder, "cell", "logs"))).toContain("orchestrator.log");
    const written = readFileSync(join(folder, "cell", "result.json"), "utf8");
    expect(JSON.parse(written) as Result).toEqual(JSON.parse(JSON.stringify(quiet.result)));
  });

  it.each([
    [
      "the environment",
      new EnvironmentError({ wanted: "a machine", seen: "no space left", mend: "make some" }),
      3,
      "repro: a machine: no space left;   mend: make some",
    ],
    ["a defect of ours", new TypeError("undefined is not a function"), 70, "a defect in the harness itself"],
  ])("that fails by %s is unknown, and takes no other with it", async (_what, error, exitCode, because) => {
    const quiet = await run({
      act: () => {
        throw error;
      },
    });
    expect(quiet).toMatchObject({ exitCode, result: { verdict: "unknown", asExpected: false } });
    expect(quiet.result.because).toContain(because);
    quiet.writeReport(join(aFolder(), "cell"));
  });

  it("that is interrupted has no result", async () => {
    const interrupted = new Interrupted("SIGINT");
    await expect(run({}, AbortSignal.abort(interrupted))).rejects.toBe(interrupted);
  });
});

/** A scenario that claims nothing. */
async function run(happenings: Happenings = {}, signal: AbortSignal = new AbortController().signal) {
  const { engine, system, clock } = aCluster(happenings);
  const quiet = runQuietly({
    runId: "run-1",
    scenario: aScenario("node-lost"),
    engine,
    system,
    profile: aTiming("fast").profile,
    fix: "pull",
    edges: 1,
    seed: 7,
    jobFiles: new Map(),
    driveOnMs: 0,
    prove: false,
    replay: "pnpm repro node-lost",
    signal,
  });
  // What is held against the invariants is watched for a while first.
  return await clock.drive(quiet);
}

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "repro-quiet-"));
  folders.push(folder);
  return folder;
}
