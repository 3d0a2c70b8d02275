import { list } from "../text/list.ts";
import { clockTime } from "../timeline/clock-time.ts";
import type { Entry, EntryOf } from "../timeline/entry.ts";
import { logged, ofKind } from "../timeline/timeline.ts";
import type { ClusterSeen, ExecutionSeen, JobSeen } from "../vocabulary.ts";
import type { Evidence, Remark } from "./remark.ts";

/**
 * What can be said of a step, each with how it is checked: against what the orchestrator answers just now, and
 * against the record. Log patterns are named as the seeds' lines are (systems/expanso/patterns.ts).
 */

export function allReady(says: string): Remark {
  return bySeen(says, ({ nodes }) => {
    const late = nodes.filter((node) => node.connection !== "connected" || node.ready === false);
    if (nodes.length === 0) return "no node at all";
    return late.length === 0 ? undefined : `${list(late.map((node) => node.name))} not ready`;
  });
}

export function allBelievedConnected(says: string): Remark {
  return bySeen(says, ({ nodes }) => {
    const others = nodes.filter((node) => node.connection !== "connected");
    return others.length === 0
      ? undefined
      : list(others.map(({ name, connection }) => `${name} ${connection}`));
  });
}

/** The fault of this step is proven, by the engine and by the broker where it can see it. */
export function hasBitten(says: string): Remark {
  return {
    says,
    contradiction: ({ step }) => {
      const fault = ofKind(step, "fault").at(-1);
      if (fault === undefined) return "no proof was recorded";
      return fault.bit ? undefined : fault.seen;
    },
  };
}

/** The broker has closed a connection for each machine that something was done to in this step. */
export function connectionsDropped(says: string): Remark {
  return {
    says,
    contradiction: ({ step }) => {
      const machines = new Set(ofKind(step, "fault").flatMap((fault) => fault.machines));
      const closed = logged(step, "broker-connection-closed").length;
      if (machines.size === 0) return "nothing was done to any machine";
      return closed >= machines.size ? undefined : `${closed} of ${machines.size} connections were closed`;
    },
  };
}

/** Of the job that was deployed last: it is in this state, and so are all its executions. */
export function newestJobIs(says: string, job: string, observed: string): Remark {
  return bySeenOfJob(says, ({ state }, executions) => {
    const others = executions.filter((execution) => execution.observed !== observed);
    if (state === job && executions.length > 0 && others.length === 0) return undefined;
    return `it is ${state}; ${list(executions.map((e) => `${e.id.slice(0, 10)} ${e.observed}`)) || "no executions"}`;
  });
}

/** Everything that was observed running before still counts as running. */
export function everythingCountsAsRunning(says: string): Remark {
  return bySeen(says, ({ executions }) => {
    const others = executions.filter((execution) => execution.observed !== "running");
    return others.length === 0
      ? undefined
      : list(others.map((execution) => `${execution.id.slice(0, 10)} ${execution.observed}`));
  });
}

/** Under the name of each node there is another node as well, and no third. */
export function eachNodeIsThereTwice(says: string): Remark {
  return bySeen(says, ({ nodes }) => {
    const byName = [...Map.groupBy(nodes, ({ name }) => name)];
    if (byName.length === 0) return "no node at all";
    const others = byName.filter(([, same]) => same.length !== 2);
    return others.length === 0
      ? undefined
      : list(others.map(([name, same]) => `${name} ${same.length} times`));
  });
}

/** The newest job is being deployed, and has executions that are to stop and do not, on nodes that another of their name has replaced. */
export function waitsForWhatIsGone(says: string): Remark {
  return bySeenOfJob(says, ({ state }, executions, { seen }) => {
    const nodeNames = new Map(seen?.nodes.map(({ id, name }) => [id, name]));
    const running = new Set(
      executions.filter(({ desired }) => desired === "running").map(({ nodeId }) => nodeNames.get(nodeId)),
    );
    const ghosts = executions.filter(
      ({ desired, observed, nodeId }) =>
        desired === "stopped" && observed === "running" && running.has(nodeNames.get(nodeId)),
    );
    if (state === "deploying" && ghosts.length > 0) return undefined;
    return `it is ${state}, with ${ghosts.length} such executions`;
  });
}

/** In this step a request was handed to the broker for each execution of the newest job. */
export function publishedToEach(says: string): Remark {
  return bySeenOfJob(says, (_job, executions, { step }) => {
    const published = new Set(logged(step, "published").map(executionOf));
    const missing = executions.filter(({ id }) => !published.has(id));
    if (executions.length === 0) return "there are no executions";
    return missing.length === 0 ? undefined : `not for ${list(missing.map(({ id }) => id.slice(0, 10)))}`;
  });
}

/** The edges say that they have received every request of this step. */
export function everyRequestArrived(says: string): Remark {
  return {
    says,
    contradiction: ({ step }) => {
      const received = new Set(logged(step, "request-received").map(executionOf));
      const sent = logged(step, "published").map(executionOf);
      const missing = sent.filter((id) => !received.has(id));
      if (sent.length === 0) return "no request was sent";
      return missing.length === 0
        ? undefined
        : `no edge received ${list(missing.map((id) => id.slice(0, 10)))}`;
    },
  };
}

/** Of what the broker has taken in during this step, nothing was handed to a node. */
export function handedToNobody(says: string): Remark {
  return {
    says,
    contradiction: ({ step }) => {
      const taken = logged(step, "broker-pub").filter(({ fields }) => fields["command"] !== undefined);
      if (taken.length === 0) return "the broker recorded no request";
      const nodes = new Set(taken.map(({ fields }) => fields["node_id"]));
      const handed = logged(step, "broker-msg").filter(({ fields }) => nodes.has(fields["node_id"]));
      const received = logged(step, "request-received");
      if (handed.length + received.length === 0) return undefined;
      return `${handed.length} handed out, ${received.length} received`;
    },
  };
}

/** In these entries no message was refused, so that there is no error that anybody could have acted upon. */
export function nothingRefused(says: string, among: "step" | "all" = "step"): Remark {
  return {
    says,
    contradiction: (evidence) => {
      const refused = [
        ...logged(evidence[among], "publish-refused"),
        ...logged(evidence[among], "dispatch-skipped"),
      ];
      const [first] = refused;
      return first === undefined ? undefined : `${clockTime(first)} ${first.text.replace(/^\S+\s+/, "")}`;
    },
  };
}

/** Every edge has shaken hands, and is the node that it was before. */
export function returnedAsTheSameNodes(says: string): Remark {
  return {
    says,
    contradiction: ({ step, all }) => {
      const back = new Set(logged(step, "handshake-completed").map(nodeOf));
      const before = new Set(
        logged(all.slice(0, all.length - step.length), "handshake-completed").map(nodeOf),
      );
      const strangers = [...back].filter((id) => !before.has(id));
      if (back.size === 0) return "none has shaken hands";
      if (back.size < before.size) return `${back.size} of ${before.size} have shaken hands`;
      return strangers.length === 0 ? undefined : `new ids: ${list(strangers)}`;
    },
  };
}

export function lookedAtAgain(says: string): Remark {
  return ofNewestJobSinceReturn(says, (entries) => {
    const evaluated = logged(entries, "evaluation-created");
    return evaluated.some(({ fields }) => fields["trigger"] === "node-join")
      ? undefined
      : "no such evaluation";
  });
}

export function seenToBeStuck(says: string): Remark {
  return ofNewestJobSinceReturn(says, (entries) =>
    logged(entries, "stuck-detected").length > 0 ? undefined : "no such line",
  );
}

export function neverSentAgain(says: string): Remark {
  return ofNewestJobSinceReturn(says, (entries) => {
    const [first] = logged(entries, "dispatch-attempt");
    return first === undefined ? undefined : `sent again at ${clockTime(first)}`;
  });
}

/** Since its nodes were there a request of the newest job was sent, and received. */
export function sentAgain(says: string): Remark {
  return ofNewestJobSinceReturn(says, (entries) => {
    const received = new Set(logged(entries, "request-received").map(executionOf));
    const sent = logged(entries, "published").map(executionOf);
    if (sent.length === 0) return "it was not sent again";
    return sent.some((id) => received.has(id)) ? undefined : "it was sent again, and not received";
  });
}

/** What the orchestrator says of its jobs agrees with whether the claim was met. */
export function claimIs(says: string, held: boolean): Remark {
  return {
    says,
    contradiction: ({ step }) => {
      const claim = ofKind(step, "claim").at(-1);
      if (claim === undefined) return "it was not put to the test";
      return claim.held === held ? undefined : claim.seen;
    },
  };
}

function bySeen(says: string, judge: (seen: ClusterSeen) => string | undefined): Remark {
  return {
    says,
    contradiction: ({ seen }) => (seen === undefined ? "the orchestrator does not answer" : judge(seen)),
  };
}

function bySeenOfJob(
  says: string,
  judge: (job: JobSeen, executions: readonly ExecutionSeen[], evidence: Evidence) => string | undefined,
): Remark {
  return {
    says,
    contradiction: (evidence) => {
      const name = newestJob(evidence.all);
      const job = evidence.seen?.jobs.find((candidate) => candidate.name === name);
      if (evidence.seen === undefined || job === undefined) return `there is no job ${name ?? ""}`;
      return judge(
        job,
        evidence.seen.executions.filter((execution) => execution.jobId === job.id),
        evidence,
      );
    },
  };
}

/** Judges what was logged of the newest job since the machines came back. */
function ofNewestJobSinceReturn(
  says: string,
  judge: (entries: readonly Entry[]) => string | undefined,
): Remark {
  return {
    says,
    contradiction: ({ all }) => {
      const name = newestJob(all);
      const from = all.findLastIndex((entry) => entry.kind === "step" && RETURNS.includes(entry.verb));
      if (name === undefined) return "nothing was deployed";
      return judge(
        all.slice(Math.max(0, from)).filter((entry) => entry.kind === "log" && entry.fields["job"] === name),
      );
    },
  };
}

/** The deeds after which machines are there again. */
const RETURNS: readonly string[] = ["start", "recreate", "restart", "resume", "heal"];

function newestJob(all: readonly Entry[]): string | undefined {
  return ofKind(all, "step").findLast(({ verb }) => verb === "deployed")?.subject;
}

function executionOf({ fields }: EntryOf<"log">): string {
  return fields["execution_id"] ?? "";
}

function nodeOf({ fields }: EntryOf<"log">): string {
  return fields["node_id"] ?? "";
}
