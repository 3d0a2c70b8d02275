import { join, resolve } from "node:path";
import type { Engine, Stack } from "../engines/engine.ts";
import { EnvironmentError } from "../errors.ts";
import { expectationFor } from "../checks/expectation.ts";
import { openArtifacts, pointLatestAt } from "../report/artifacts.ts";
import type { Scenario } from "../scenario/define.ts";
import { ControlError, isEdge, type JobFile, type System, type SystemControl } from "../systems/system.ts";
import type { TimingProfile } from "../timing/profile.ts";
import type { AvoidRule, ClusterSeen } from "../vocabulary.ts";
import type { Closed } from "../walkthrough/closing.ts";
import { createGuide } from "../walkthrough/guide.ts";
import { happening, HAPPENING_INDENT } from "../walkthrough/happening.ts";
import { WentBack, type Person } from "../walkthrough/person.ts";
import { SCRIPTS } from "../walkthrough/script.ts";
import { walked } from "../walkthrough/walked.ts";
import { peopleFiles } from "./people-files.ts";
import { judgeOnce, timingOf, type Run, type RunListener } from "./judge-once.ts";
import { createUiSteps } from "./ui-steps.ts";
import { newRunId, reportFolder } from "./report-folder.ts";

/** What is walked through, under one fix. */
export interface Walk {
  readonly person: Person;
  readonly scenario: Scenario;
  /** A simulation is made anew for each run. */
  readonly newEngine: () => Engine;
  readonly system: System;
  readonly profile: TimingProfile;
  readonly fix: string;
  readonly avoid: AvoidRule | undefined;
  readonly edges: number;
  readonly seed: number;
  readonly jobFiles: ReadonlyMap<string, JobFile>;
  readonly replay: string;
  readonly out: string | undefined;
  readonly signal: AbortSignal;
  /** Step by step; else only what is done is told, and nothing asked. */
  readonly isGuided: boolean;
  /** Told of each stack as it is opened: on Docker it is up to whoever hears of it to remove it. */
  readonly onStack: (stack: Stack, runId: string) => void;
}

/**
 * Runs a scenario with somebody who follows it, to its verdict; again from the same seed where they go back.
 * @throws Left when they have had enough; as `runScenario` does.
 */
export async function walkOnce(walk: Walk): Promise<Closed> {
  const runId = newRunId(new Date());
  const folder = walk.out === undefined ? reportFolder(runId, undefined) : join(resolve(walk.out), walk.fix);
  for (let from = 1; ;) {
    try {
      return await walkFrom(walk, { runId, folder, from });
    } catch (error) {
      if (!(error instanceof WentBack)) throw error;
      from = error.step;
      walk.person.tell("");
      walk.person.tell(`  Back: the same seed again, up to step ${from}.`, 2);
    }
  }
}

async function walkFrom(
  walk: Walk,
  at: { readonly runId: string; readonly folder: string; readonly from: number },
): Promise<Closed> {
  const { person, scenario, system, fix, avoid } = walk;
  const { runId, folder } = at;
  let control: SystemControl | undefined;
  const ui = walk.system.remote && createUiSteps(() => lookIfItAnswers(control), walk.jobFiles);
  const engine = handingOver(walk.newEngine(), (stack) => {
    control = system.connect(stack);
    walk.onStack(stack, runId);
  });
  const guide = createGuide({
    person,
    engine,
    system,
    script: SCRIPTS[scenario.id] ?? {},
    expected: expectationFor(scenario, fix, avoid),
    from: at.from,
    look: () => lookIfItAnswers(control),
    ui,
  });
  const run: Run = {
    ...walk,
    runId,
    engine,
    // Whoever is shown a stuck cluster wants to see what heals it, not that it is stuck a day later as well.
    driveOnMs: 0,
    prove: true,
    system: ui === undefined ? system : { ...system, connect: (stack) => ui.instead(system.connect(stack)) },
    scenario: walk.isGuided ? walked(scenario, guide) : scenario,
  };
  const artifacts = openArtifacts(folder, { live: engine.name === "docker" });
  const listener: RunListener = {
    onEntry: walk.isGuided
      ? guide.onEntry
      : (entry) => {
          const line = happening(entry);
          if (line !== undefined) person.tell(line, HAPPENING_INDENT);
        },
    onLine: artifacts.line,
  };
  try {
    if (walk.isGuided) {
      const shape = { edges: walk.edges, timing: timingOf(run), fix };
      const machines = system.machines(shape).map(({ name }) => name);
      await guide.before({ do: "begin", machines: startedAtOnce(scenario, machines, system) }, timingOf(run));
    }
    const { result, outcome } = await judgeOnce(run, listener);
    artifacts.finish(outcome.timeline, result, peopleFiles(run, result, outcome.timeline));
    if (walk.out === undefined) pointLatestAt(folder);
    return { result, timeline: outcome.timeline, folder };
  } catch (error) {
    artifacts.abandon();
    throw error;
  } finally {
    guide.close();
    person.showProgress("");
  }
}

/** The edges of some scenarios are started by the scenario itself. */
function startedAtOnce(scenario: Scenario, machines: readonly string[], system: System): readonly string[] {
  if (scenario.edgesStart !== "later") return machines;
  return machines.filter((name) => !isEdge(system)(name));
}

/** Somebody may want to look at containers when the run is over: whoever is told of a stack removes it. */
function handingOver(engine: Engine, tell: (stack: Stack) => void): Engine {
  return {
    ...engine,
    openStack: async (spec) => {
      const stack = await engine.openStack(spec);
      tell(stack);
      return stack.keep === undefined ? stack : { ...stack, [Symbol.asyncDispose]: async () => {} };
    },
  };
}

async function lookIfItAnswers(control: SystemControl | undefined): Promise<ClusterSeen | undefined> {
  try {
    return await control?.look();
  } catch (error) {
    // Killed, or not serving yet; an engine that is broken says so at the next deed.
    if (error instanceof ControlError || error instanceof EnvironmentError) return undefined;
    throw error;
  }
}
