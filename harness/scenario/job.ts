import { list } from "../text/list.ts";
import type { Wait } from "../timeline/entry.ts";
import type { ClusterSeen, ExecutionSeen } from "../vocabulary.ts";
import type { Condition, Sight } from "./condition.ts";
import type { Edges } from "./edges.ts";
import { hearOf } from "./hear-of.ts";
import {
  idsOf,
  leftOver,
  sightOfEnds,
  sightOfFailures,
  sightOfKeeping,
  sightOfPlacement,
  sightOfReality,
  sightOfRunning,
  type Question,
} from "./job-sights.ts";
import type { RunState } from "./run-state.ts";
import { readStreams } from "./streams.ts";

/** A job that the scenario has deployed. */
export interface DeployedJob {
  readonly id: string;
  readonly name: string;
  /** Its executions run on all of these edges, and the job itself has left `deploying`. */
  runsOn(edges: Edges): Condition;
  /** Its executions run on all of these edges, whatever is said of the job. */
  executionsRunOn(edges: Edges): Condition;
  /** These edges themselves say that they run its newest version, once, and nothing else of it. */
  reallyRunsOn(edges: Edges): Condition;
  /** None of these edges runs anything of it, by their own word. */
  runsNowhereOn(edges: Edges): Condition;
  /** Its executions on these edges have completed, and so has the job. */
  completesOn(edges: Edges): Condition;
  /** Its executions on these edges have failed. */
  hasFailedOn(edges: Edges): Condition;
  /** The orchestrator says that the job is in this state, for this reason if one is given. */
  is(state: string, message?: string): Condition;
  /** Whatever it waited for, it has it: the job is no longer `deploying`. */
  hasLeftDeploying(): Condition;
  /** Its executions as the orchestrator has them now. */
  executions(): Promise<readonly ExecutionSeen[]>;
  /** It runs on all of these edges, under the same executions as then, and under no others. */
  isUnchangedSince(before: readonly ExecutionSeen[], edges: Edges): Condition;
  /** The orchestrator has tried to send what was last asked of the job to all of these edges, with whatever success. */
  isDispatchedTo(edges: Edges): Condition;
  /** It has not been sent to any of these edges, or it runs there. */
  isNotOnItsWayTo(edges: Edges): Condition;
  /** The scheduler has looked at it since it was last asked anything. */
  isPlanned(): Condition;
  /** From now on its pipeline comes to its own end on all of these edges. */
  endsOn(edges: Edges): Condition;
  /** Wants it to run nowhere any more. */
  stop(): Promise<void>;
}

export function createDeployedJob(
  state: RunState,
  job: { readonly jobId: string; readonly jobName: string },
  /** How many readings there were before it was asked for. */
  askedAt: number,
): DeployedJob {
  const { jobId: id, jobName: name } = job;
  const { signals } = state.system;
  let since = askedAt;
  const question = (edges: Edges): Question => ({
    id,
    name,
    edges: edges.names,
    identitiesOf: (edge) => state.identitiesOf(edge),
  });
  /** Asks the orchestrator whenever its scheduler has looked at the job. */
  const byStates = (
    what: string,
    sightOf: (seen: Awaited<ReturnType<RunState["look"]>>) => ReturnType<typeof sightOfRunning>,
    wait?: Wait,
  ): Condition => ({
    what,
    jobId: id,
    ...(wait === undefined ? {} : { waits: [wait] }),
    wakesOn: (reading) => signals.isLooked(reading, id),
    look: async () => sightOf(await state.look()),
  });
  /** Asks the edges as well, whenever anything has changed on one of them. */
  const byEdges = (what: string, edges: Edges, wanted: "newest" | "nothing"): Condition => ({
    what,
    jobId: id,
    wakesOn: (reading) => signals.isExecutionChange(reading),
    look: async () => {
      const [seen, ...running] = await Promise.all([
        state.look(),
        ...edges.names.map(async (edge) => [edge, await state.lookAtEdge(edge)] as const),
      ]);
      return sightOfReality(seen, { ...question(edges), running: new Map(running), wanted });
    },
  });
  const heardOf = (
    what: string,
    edges: Edges,
    heard: ReturnType<typeof hearOf>,
    is: "dispatched" | "ended",
    sightOf: (seen: ClusterSeen) => Sight,
  ): Condition => ({
    lookByStates: async () => sightOf(await state.look()),
    what: `${what} ${list(edges.names)}`,
    jobId: id,
    waits: [{ is, job: name, edges: edges.names }],
    wakesOn: heard.wakesOn,
    look: () => {
      const missing = heard.missing();
      return Promise.resolve({
        met: missing.length === 0,
        seen: missing.length === 0 ? `${HEARD[is]} each` : `not ${HEARD[is]} ${list(missing)}`,
      });
    },
  });

  const running = (edges: Edges, whole: boolean): Wait => ({
    is: "running",
    job: name,
    edges: edges.names,
    whole,
  });

  return {
    id,
    name,
    runsOn: (edges) => ({
      ...byStates(
        `${name} runs on ${list(edges.names)}`,
        (seen) => sightOfRunning(seen, question(edges)),
        running(edges, true),
      ),
      // Nothing but this can have made it true.
      wakesOn: (reading) => signals.isProgress(reading, id),
    }),
    executionsRunOn: (edges) =>
      byStates(
        `executions of ${name} run on ${list(edges.names)}`,
        (seen) => {
          const sight = sightOfRunning(seen, question(edges));
          return { ...sight, met: sight.idle.length === 0 };
        },
        running(edges, false),
      ),
    reallyRunsOn: (edges) =>
      byEdges(`only the newest ${name} really runs on ${list(edges.names)}`, edges, "newest"),
    runsNowhereOn: (edges) =>
      byEdges(`${name} really runs on none of ${list(edges.names)}`, edges, "nothing"),
    completesOn: (edges) =>
      byStates(`${name} completes on ${list(edges.names)}`, (seen) => sightOfEnds(seen, question(edges))),
    hasFailedOn: (edges) =>
      byStates(`${name} has failed on ${list(edges.names)}`, (seen) =>
        sightOfFailures(seen, question(edges)),
      ),
    is: (wanted, message) =>
      byStates(
        `${name} is \`${wanted}\`${message === undefined ? "" : `, "${message}"`}`,
        (seen) => {
          const job = seen.jobs.find((candidate) => candidate.id === id);
          const met = job?.state === wanted && (message === undefined || job.message === message);
          const said = `${name} is \`${job?.state ?? "not there"}\`, "${job?.message ?? ""}"`;
          return { met, seen: said, stuck: [], idle: [] };
        },
        { is: "job-state", job: name, state: wanted, message: message ?? "" },
      ),
    hasLeftDeploying: () =>
      byStates(`${name} has left \`deploying\``, (seen) => {
        const job = seen.jobs.find((candidate) => candidate.id === id);
        const waiting = job === undefined ? [] : leftOver(seen, job);
        const states = waiting.map((e) => `${e.id.slice(0, 10)} ${e.observed}, desired ${e.desired}`);
        return {
          met: job !== undefined && job.state !== "deploying",
          seen: [`${name} is \`${job?.state ?? "not there"}\``, ...states].join("; "),
          stuck: waiting,
          idle: [],
        };
      }),
    executions: async () => (await state.look()).executions.filter((execution) => execution.jobId === id),
    isUnchangedSince: (before, edges) =>
      byStates(`${name} runs on ${list(edges.names)} under the same executions`, (seen) =>
        sightOfKeeping(seen, { ...question(edges), before: idsOf(before) }),
      ),
    isDispatchedTo: (edges) =>
      heardOf(
        `${name} is dispatched to`,
        edges,
        hearOf(state, edges.names, (reading) => signals.dispatchTo(reading, id), since),
        "dispatched",
        (seen) => sightOfPlacement(seen, question(edges)),
      ),
    isNotOnItsWayTo: (edges) => {
      const from = since;
      const isSent = () =>
        state.readings
          .slice(from)
          .some((reading) => edges.names.includes(signals.dispatchTo(reading, id) ?? ""));
      const runs = byStates(`${name} is not on its way to ${list(edges.names)}`, (seen) =>
        sightOfRunning(seen, question(edges)),
      );
      return {
        ...runs,
        get waits() {
          return [isSent() ? running(edges, true) : ({ is: "planned", job: name } as const)];
        },
        wakesOn: (reading) => signals.isProgress(reading, id),
        look: async () => {
          // The line may be there, and not read yet.
          const past = { looksPastMs: state.nowMs(), brokerPastMs: Number.NEGATIVE_INFINITY };
          if (!isSent()) await readStreams(state, { ...past, heartbeatMs: state.timing.heartbeat });
          return isSent() ? await runs.look() : { met: true, seen: "it was not sent" };
        },
      };
    },
    isPlanned: () => {
      const from = since;
      return {
        what: `the scheduler has looked at ${name}`,
        jobId: id,
        waits: [{ is: "planned", job: name }],
        wakesOn: (reading) => signals.isLooked(reading, id),
        look: () => {
          const met = state.readings.slice(from).some((reading) => signals.isLooked(reading, id));
          return Promise.resolve({ met, seen: met ? "it has" : "not yet" });
        },
        lookByStates: async () => {
          const told = (await state.look()).jobs.find((candidate) => candidate.id === id)?.state;
          return {
            met: told !== undefined && told !== "pending",
            seen: `${name} is \`${told ?? "not there"}\``,
          };
        },
      };
    },
    endsOn: (edges) =>
      heardOf(
        `${name} comes to its end on`,
        edges,
        hearOf(state, edges.names, (reading) => signals.endOf(reading, id), state.readings.length),
        "ended",
        (seen) => sightOfEnds(seen, question(edges)),
      ),
    stop: async () => {
      state.signal.throwIfAborted();
      since = state.readings.length;
      state.record({ kind: "step", verb: "stop", subject: name, act: { do: "stop-job", job: name } });
      await state.control.stopJob(id);
    },
  };
}

const HEARD = { dispatched: "dispatched to", ended: "ended on" } as const;
