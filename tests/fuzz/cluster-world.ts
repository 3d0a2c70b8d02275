import { combineStrategies } from "../../controlplane/orchestrator/recovery/recovery.ts";
import { createStore } from "../../controlplane/orchestrator/store/store.ts";
import { LARGEST_PAYLOAD, PayloadTooLargeError } from "../../controlplane/ports/bus.ts";
import { aCluster, aNodeId } from "../../controlplane/test-kit/a-cluster.ts";
import { illegalEvents } from "../../controlplane/test-kit/invariants.ts";
import { aJobSpec } from "../../controlplane/test-kit/model-builders.ts";
import type { ApiRequest } from "./generators/api-requests.ts";
import type { Intrusion } from "./generators/messages.ts";
import { fill, type Targets } from "./generators/placeholders.ts";
import { isLasting, ORCHESTRATOR_ANSWERS } from "./intruder.ts";
import { objectionTo } from "./objections.ts";
import { isFatal } from "./spared.ts";

/** A cluster to which anything may be sent. Each tells what became of it; what must not be is an error. */
export interface ClusterWorld {
  request(request: ApiRequest): Promise<string>;
  intrude(intrusion: Intrusion): Promise<string>;
  /** Nobody sends anything any more: what has been stored is legal, and a new job runs on every edge. */
  serveAgain(): Promise<void>;
}

const EDGES = ["edge1", "edge2", "edge3"] as const;

/** The orchestrator's parts and three edges in this process: the same input gives the same, to the letter. */
export async function openClusterWorld(options: {
  readonly recovery: string;
  /** As a client that has a key would send it. */
  readonly authorization?: string | undefined;
}): Promise<ClusterWorld> {
  const cluster = aCluster({
    recovery: combineStrategies(options.recovery),
    settings: { lostTimeoutMs: 60_000 },
  });
  const { clock, broker, database, log } = cluster;
  const intruder = broker.connect();
  const answers: string[] = [];
  // Before the orchestrator: of two answers the first counts.
  for (const subject of ORCHESTRATOR_ANSWERS) {
    intruder.subscribe(subject, (message) => {
      const answer = answers.shift();
      if (answer !== undefined) message.respond(answer);
    });
  }
  cluster.startOrchestrator();
  const edges = EDGES.map((name, number) => cluster.edge(aNodeId(number), name));
  for (const [number, edge] of edges.entries()) await edge.start({ edge: EDGES[number]! });
  await clock.pass(1_000);
  for (const name of ["steady", "second", "third"]) {
    await cluster.call("PUT", "/jobs", { spec: aJobSpec({ name }) });
    await clock.pass(1_000);
  }
  const store = createStore({ clock, database, log });

  return {
    request: async (request) => {
      const at = targets();
      const method = request.method;
      const [target, body] = [fill(request.path, at), fill(request.body, at)];
      if (isFatal({ method, target, body }, at.nodes)) return "left out: deletes an edge";
      const answer = await cluster.api({ method, target, body, authorization: options.authorization });
      const objection = objectionTo(answer);
      if (objection !== undefined) throw new Error(`${objection}: ${answer.body.slice(0, 500)}`);
      await clock.pass(100);
      return `${answer.status}`;
    },
    intrude: async (intrusion) => {
      const lines = [...edges.map((edge) => edge.log), log].map(({ lines }) => ({
        lines,
        from: lines.length,
      }));
      const refused = intrude(intrusion);
      await clock.pass(100);
      if (refused !== undefined) return refused;
      if (intrusion.do !== "send") return intrusion.do === "answer" ? "an edge was answered" : "said again";
      const said = lines.flatMap(({ lines, from }) => lines.slice(from));
      return said.find(({ message }) => OUTCOME.test(message))?.message ?? "no word";
    },
    serveAgain: async () => {
      intruder.kill();
      await clock.pass(15_000);
      const { body } = await cluster.call("GET", "/jobs?limit=10000");
      for (const { id } of (body as { items: { id: string }[] }).items)
        await cluster.call("POST", `/jobs/${id}/stop`);
      await clock.pass(5_000);
      const { status } = await cluster.call("PUT", "/jobs", { spec: aJobSpec({ name: "afterwards" }) });
      if (status !== 201) throw new Error(`the job afterwards was answered ${status}`);
      await clock.pass(10_000);
      for (const edge of edges) {
        const names = (await edge.running()).map(({ job_name: name }) => name);
        if (!names.includes("afterwards"))
          throw new Error(`${edge.id} does not run the job afterwards: ${names.join()}`);
      }
      const wrong = [
        ...illegalEvents(store.eventsAfter(0, Number.MAX_SAFE_INTEGER)),
        ...log.told("BROKER: Evaluation failed", "API: Request failed"),
      ];
      if (wrong.length > 0) throw new Error(wrong.join("\n"));
    },
  };

  function targets(): Targets {
    const rows = (table: string): string[] =>
      database.all(`SELECT id FROM ${table} ORDER BY rowid`).map((row) => String(row["id"]));
    return { nodes: edges.map(({ id }) => id), jobs: rows("jobs"), executions: rows("executions") };
  }

  /** What the broker did not take, in words. */
  function intrude(intrusion: Intrusion): string | undefined {
    if (intrusion.do === "answer") {
      const payload = fill(intrusion.payload, targets());
      if (Buffer.byteLength(payload) > LARGEST_PAYLOAD) return TOO_LARGE;
      if (!isLasting(payload)) answers.push(payload);
      return undefined;
    }
    if (intrusion.do === "replay") {
      const message = broker.published.at(-1 - intrusion.back);
      if (message === undefined) return undefined;
      for (let said = 0; said < intrusion.times; said += 1) broker.repeat(message);
      return undefined;
    }
    const [subject, payload] = [fill(intrusion.subject, targets()), fill(intrusion.payload, targets())];
    try {
      if (intrusion.asks) intruder.request(subject, payload, { timeoutMs: 50 }).catch(() => {});
      else intruder.publish(subject, payload);
      return undefined;
    } catch (error) {
      if (error instanceof PayloadTooLargeError) return TOO_LARGE;
      throw error;
    }
  }
}

const TOO_LARGE = "too large for the broker";

/** What the receiver of a message says of it; the rest of the log is about what follows. */
const OUTCOME =
  /^(?:HANDSHAKE|HEARTBEAT|STATUS|INVENTORY|STORE|NODE): |^EDGE: (?:Received|Malformed|Execution is known)/;
