import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSimEngine } from "../../harness/engines/sim/sim-engine.ts";
import { timelineText } from "../../harness/report/artifacts.ts";
import { makeResult, type Result } from "../../harness/report/result.ts";
import type { Scenario } from "../../harness/scenario/define.ts";
import { runScenario, type RunOutcome } from "../../harness/scenario/runner.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import type { JobFile, System } from "../../harness/systems/system.ts";
import { PROFILES, timingFor } from "../../harness/timing/profile.ts";

export interface Simulation {
  readonly scenario: Scenario;
  readonly seed: number;
  /** A timing profile: `default`, `fast`. */
  readonly profile: string;
  readonly edges?: number;
  /** No recovery unless told. */
  readonly fix?: string;
  /** How long a violated claim is watched further; not at all unless told. */
  readonly driveOnMs?: number;
  /** Whether a loss is proven by doing by hand what was lost; not unless told. */
  readonly prove?: boolean;
  readonly system?: System;
  readonly onLine?: (machine: string, text: string) => void;
}

export interface Simulated {
  readonly outcome: RunOutcome;
  readonly result: Result;
  /** What `timeline.jsonl` would hold. */
  readonly timeline: string;
  /** What happened in the simulation, one after the other. */
  readonly events: number;
}

/** One run in simulation, in this process, as the command would do it. */
export async function simulate(at: Simulation): Promise<Simulated> {
  const { scenario, seed, system = bundledSystem, fix = "none" } = at;
  const engine = createSimEngine({ seed });
  const profile = PROFILES[at.profile];
  if (profile === undefined) throw new Error(`no timing profile ${at.profile}`);
  const timing = timingFor(profile.timing, scenario.atLeast);
  const edges = at.edges ?? scenario.edges;
  const outcome = await runScenario({
    runId: `sim-${seed}`,
    scenario,
    engine,
    system,
    timing,
    fix,
    edges,
    jobFiles: jobFilesOf(scenario),
    driveOnMs: at.driveOnMs ?? 0,
    keep: false,
    prove: at.prove ?? false,
    signal: new AbortController().signal,
    onEntry: () => {},
    onLine: at.onLine ?? (() => {}),
  });
  const facts = { scenario, engine, system: system.name, profile: profile.name, timing, fix };
  const result = makeResult({ ...facts, edges, seed, startedAt: "", replay: "" }, outcome);
  return { outcome, result, timeline: timelineText(outcome.timeline), events: engine.happened() };
}

const PIPELINES = fileURLToPath(new URL("../../pipelines/", import.meta.url));
const texts = new Map<string, string>();

export function jobFilesOf(scenario: Pick<Scenario, "jobs">): Map<string, JobFile> {
  return new Map(
    scenario.jobs.map((name) => {
      const text = texts.get(name) ?? readFileSync(join(PIPELINES, name), "utf8");
      texts.set(name, text);
      return [name, { name, text }];
    }),
  );
}
