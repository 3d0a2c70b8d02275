import { clockTime } from "../timeline/clock-time.ts";
import type { JobFile } from "../systems/system.ts";
import type { ScenarioContext } from "./define.ts";
import { createDeployedJob } from "./job.ts";
import { createEdges } from "./edges.ts";
import { RunAborted } from "./run-aborted.ts";
import type { RunState } from "./run-state.ts";
import { readStreams } from "./streams.ts";
import { waitFor } from "./wait.ts";

/** How long anything may take that a scenario merely waits for, beyond W. */
const PATIENCE_MS = 30_000;
/** Timers may fire a millisecond before the clock says so; a violated claim has to have had all of W. */
const TIMER_SLACK_MS = 2;

/** The verbs of one run. */
export function createScenarioContext(
  state: RunState,
  at: {
    readonly edges: readonly string[];
    readonly jobFiles: ReadonlyMap<string, JobFile>;
    readonly windowMs: number;
    readonly heartbeatMs: number;
  },
): ScenarioContext {
  return {
    edges: createEdges(state, at.edges),
    deploy: async (name) => {
      state.signal.throwIfAborted();
      const file = at.jobFiles.get(name);
      if (file === undefined)
        throw new Error(`the scenario deploys ${name}, but does not list it under jobs`);
      state.record({ kind: "step", verb: "deploy", subject: name });
      const deployed = await state.control.deploy(file);
      state.record({
        kind: "step",
        verb: "deployed",
        subject: deployed.jobName,
        outcome: `version ${deployed.version}`,
      });
      return createDeployedJob(state, deployed);
    },
    until: async (condition) => {
      const sight = await waitFor(state, condition, at.windowMs + PATIENCE_MS);
      if (!sight.met) {
        throw new RunAborted(
          `waited ${at.windowMs + PATIENCE_MS} ms until ${condition.what}; last seen: ${sight.seen}`,
        );
      }
      state.record({ kind: "step", verb: "see", subject: condition.what, outcome: sight.seen });
    },
    premise: async (condition) => {
      const sight = await waitFor(state, condition, 0);
      state.record({ kind: "premise", what: condition.what, held: sight.met, seen: sight.seen });
      if (!sight.met) throw new RunAborted(`the premise slipped: ${condition.what}; seen: ${sight.seen}`);
    },
    claim: async (condition) => {
      const sinceMs = state.nowMs();
      const sight = await waitFor(state, condition, at.windowMs + TIMER_SLACK_MS);
      if (!sight.met)
        await readStreams(state, {
          looksPastMs: state.nowMs(),
          brokerPastMs: sinceMs,
          heartbeatMs: at.heartbeatMs,
        });
      state.record({
        kind: "claim",
        what: condition.what,
        held: sight.met,
        seen: sight.seen,
        sinceMs,
        windowMs: at.windowMs,
        job: condition.jobId,
        stuck: sight.stuck ?? [],
      });
      state.record({
        kind: "step",
        verb: "judge",
        subject: sight.met
          ? condition.what
          : `not so within W = ${clockTime({ atMs: at.windowMs })}: ${condition.what}`,
      });
    },
  };
}
