import { UsageError } from "../errors.ts";
import type { ClusterShape, JobFile } from "../systems/system.ts";
import { list } from "../text/list.ts";
import { nearest } from "../text/nearest.ts";
import type { Act } from "../timeline/entry.ts";
import { putToTheTest, watchOver, type ClaimTerms } from "./claim.ts";
import { checkCondition, type Condition } from "./condition.ts";
import type { ScenarioContext } from "./define.ts";
import { createEdges, type Edges } from "./edges.ts";
import { hearOf } from "./hear-of.ts";
import { createDeployedJob } from "./job.ts";
import { RunAborted } from "./run-aborted.ts";
import type { RunState } from "./run-state.ts";
import { createBroker, createOrchestrator } from "./server.ts";
import { waitFor } from "./wait.ts";

/** How long anything may take that a scenario merely waits for, beyond W. */
const PATIENCE_MS = 30_000;

/** The verbs of one run. */
export function createScenarioContext(
  state: RunState,
  at: {
    readonly edges: readonly string[];
    readonly shape: ClusterShape;
    readonly jobFiles: ReadonlyMap<string, JobFile>;
  } & ClaimTerms,
): ScenarioContext {
  let joined = 0;
  return {
    edges: createEdges(state, at.edges),
    orchestrator: createOrchestrator(state),
    broker: createBroker(state),
    timing: state.timing,
    deploy: async (name, { force } = { force: false }) => {
      state.signal.throwIfAborted();
      const file = at.jobFiles.get(name);
      if (file === undefined)
        throw new UsageError(`the scenario deploys ${name}, but does not list it under \`jobs\``);
      const askedAt = state.readings.length;
      const subject = force ? `${name} (--force)` : name;
      state.record({ kind: "step", verb: "deploy", subject, act: { do: "deploy", file: name, force } });
      const deployed = await state.control.deploy(file, { force });
      state.record({
        kind: "step",
        verb: "deployed",
        subject: deployed.jobName,
        outcome: `version ${deployed.version}`,
      });
      return createDeployedJob(state, deployed, askedAt);
    },
    join: async (count) => {
      const names = Array.from({ length: count }, () => `edge${at.edges.length + (joined += 1)}`);
      const specs = names.map((name) => state.system.edgeMachine(name, at.shape));
      await Promise.all(specs.map((spec) => state.stack.add(spec)));
      const edges = createEdges(state, names);
      await edges.start();
      return edges;
    },
    log: (pattern, of) => lineOf(state, pattern, of),
    until: async (condition) => {
      checkCondition("until", condition);
      const limitMs = at.windowMs + PATIENCE_MS + (condition.patienceMs ?? 0);
      const sight = await waitFor(state, condition, limitMs);
      if (!sight.met) {
        throw new RunAborted(`waited ${limitMs} ms until ${condition.what}; last seen: ${sight.seen}`);
      }
      const act = actOf(condition, limitMs);
      state.record({ kind: "step", verb: "see", subject: condition.what, outcome: sight.seen, act });
    },
    premise: async (condition) => {
      checkCondition("premise", condition);
      const sight = await waitFor(state, condition, 0);
      const act = actOf(condition, 0);
      state.record({ kind: "premise", what: condition.what, held: sight.met, seen: sight.seen, act });
      if (!sight.met) throw new RunAborted(`the premise slipped: ${condition.what}; seen: ${sight.seen}`);
    },
    claim: async (condition) => {
      checkCondition("claim", condition);
      return await putToTheTest(state, condition, at);
    },
    always: async (condition) => {
      checkCondition("always", condition);
      await watchOver(state, condition, at);
    },
  };
}

function actOf(condition: Condition, withinMs: number): Act {
  return { do: "wait", for: condition.waits ?? [{ is: "as-seen", jobId: condition.jobId }], withinMs };
}

/** A log line as a trigger. */
function lineOf(state: RunState, name: string, edges: Edges | undefined): Condition {
  const { patterns, signals } = state.system;
  const names = patterns.map((pattern) => pattern.name);
  if (!names.includes(name)) {
    throw new UsageError(
      `there is no log pattern "${name}"${nearest(name, names)}; accepted are ${names.join(", ")}`,
    );
  }
  const from = state.readings.length;
  const isIt = (reading: RunState["readings"][number]) => reading.pattern.name === name;
  if (edges !== undefined) {
    const edgeOf = (reading: RunState["readings"][number]) =>
      isIt(reading) ? signals.edgeOf(reading) : undefined;
    const heard = hearOf(state, edges.names, edgeOf, from);
    return {
      what: `the line ${name} of ${list(edges.names)}`,
      waits: [{ is: "line", pattern: name, edges: edges.names }],
      wakesOn: heard.wakesOn,
      look: () => seenOr(heard.missing()),
    };
  }
  return {
    what: `the line ${name}`,
    waits: [{ is: "line", pattern: name, edges: [] }],
    wakesOn: isIt,
    look: () => seenOr(state.readings.slice(from).some(isIt) ? [] : [name]),
  };
}

function seenOr(missing: readonly string[]) {
  const met = missing.length === 0;
  return Promise.resolve({ met, seen: met ? "it was logged" : `none yet of ${list(missing)}` });
}
