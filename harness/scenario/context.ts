import { UsageError } from "../errors.ts";
import type { JobFile } from "../systems/system.ts";
import { putToTheTest, type ClaimTerms } from "./claim.ts";
import type { ScenarioContext } from "./define.ts";
import { createDeployedJob } from "./job.ts";
import { createEdges } from "./edges.ts";
import { RunAborted } from "./run-aborted.ts";
import type { RunState } from "./run-state.ts";
import { waitFor } from "./wait.ts";

/** How long anything may take that a scenario merely waits for, beyond W. */
const PATIENCE_MS = 30_000;

/** The verbs of one run. */
export function createScenarioContext(
  state: RunState,
  at: {
    readonly edges: readonly string[];
    readonly jobFiles: ReadonlyMap<string, JobFile>;
  } & ClaimTerms,
): ScenarioContext {
  return {
    edges: createEdges(state, at.edges),
    deploy: async (name) => {
      state.signal.throwIfAborted();
      const file = at.jobFiles.get(name);
      if (file === undefined)
        throw new UsageError(`the scenario deploys ${name}, but does not list it under \`jobs\``);
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
      const limitMs = at.windowMs + PATIENCE_MS + (condition.patienceMs ?? 0);
      const sight = await waitFor(state, condition, limitMs);
      if (!sight.met) {
        throw new RunAborted(`waited ${limitMs} ms until ${condition.what}; last seen: ${sight.seen}`);
      }
      state.record({ kind: "step", verb: "see", subject: condition.what, outcome: sight.seen });
    },
    premise: async (condition) => {
      const sight = await waitFor(state, condition, 0);
      state.record({ kind: "premise", what: condition.what, held: sight.met, seen: sight.seen });
      if (!sight.met) throw new RunAborted(`the premise slipped: ${condition.what}; seen: ${sight.seen}`);
    },
    claim: (condition) => putToTheTest(state, condition, at),
  };
}
