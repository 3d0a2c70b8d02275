import { connect, type ConnectionOptions, type Msg } from "@nats-io/transport-node";
import { z } from "zod";
import type { FoundEngine } from "../../docker/engine.ts";
import { REPOSITORY } from "../../docker/engine.ts";
import { createDockerEngine } from "../../../harness/engines/docker/docker-engine.ts";
import { LARGEST_PAYLOAD } from "../../../controlplane/ports/bus.ts";
import { bytesOf, type WireRequest } from "../generators/http-bytes.ts";
import type { Intrusion } from "../generators/messages.ts";
import { fill, type Targets } from "../generators/placeholders.ts";
import { isForOrchestrator, isLasting } from "../intruder.ts";
import { objectionTo } from "../objections.ts";
import { isFatal } from "../spared.ts";
import { speakHttp, type RawAnswer } from "./raw-http.ts";

/** A stack of containers to which anything may be sent; whoever made it removes it. */
export interface RealWorld extends AsyncDisposable {
  request(request: WireRequest): Promise<string>;
  intrude(intrusion: Intrusion): Promise<string>;
  /** Everything is still there: every container runs, and the API is well. */
  checkAlive(): Promise<void>;
  /** By machine, in MiB. */
  memory(): Promise<ReadonlyMap<string, number>>;
}

const API_PORT = 9010;
const NATS_PORT = 4222;
/** Ids are asked for once in so many inputs. */
const FRESH = 25;

const ids = z.object({ items: z.array(z.object({ id: z.string() })) });

/** Reaches the machines of a stack by their addresses, as somebody on the same network does. */
export async function openRealWorld(
  found: FoundEngine,
  stack: string,
  credentials: { readonly authorization?: string; readonly nats?: Partial<ConnectionOptions> } = {},
): Promise<RealWorld> {
  const { authorization } = credentials;
  const engine = await createDockerEngine({ ...found, repository: REPOSITORY });
  const machines = async () => {
    const standing = (await engine.standing?.find())?.find(({ runId }) => runId === stack);
    if (standing === undefined) throw new Error(`there is no stack ${stack}`);
    return standing.machines;
  };
  const addressOf = async (name: string): Promise<string> => {
    const address = (await machines()).find((machine) => machine.name === name)?.address;
    if (address === undefined) throw new Error(`${name} of ${stack} has no address`);
    return address;
  };
  const api = { host: await addressOf("orchestrator"), port: API_PORT };
  const nats = await connect({
    servers: `${await addressOf("nats")}:${NATS_PORT}`,
    name: "intruder",
    ...credentials.nats,
  });
  const sent: { readonly subject: string; readonly payload: Uint8Array }[] = [];
  const answers: string[] = [];
  let said = 0;
  let targets: Targets = { nodes: [], jobs: [], executions: [] };
  nats.subscribe("expanso.>", { callback: (_, message) => hear(message) });
  await nats.flush();

  return {
    request: async (request) => {
      await freshen();
      const target = fill(request.request.path, targets);
      const body = fill(request.request.body, targets);
      if (isFatal({ method: request.request.method, target, body }, targets.nodes)) return "left out";
      const answered = await speakHttp(api, bytesOf(request, { targets, authorization }));
      for (const answer of answered) {
        const objection = isForHead(request, answer) ? undefined : objectionTo(answer);
        if (objection !== undefined)
          throw new Error(
            `${objection}: ${answer.body.slice(0, 300)} to ${JSON.stringify(request).slice(0, 2_000)}`,
          );
      }
      return answered.length === 0 ? "hung up" : answered.map(({ status }) => status).join(" ");
    },
    intrude: async (intrusion) => {
      await freshen();
      const told = intrude(intrusion);
      // It is with the broker before the next one is.
      await nats.flush();
      return told;
    },
    checkAlive: async () => {
      const gone = (await machines()).filter(({ state }) => state !== "running");
      if (gone.length > 0) throw new Error(gone.map(({ name, state }) => `${name} is ${state}`).join(", "));
      await ask("/health");
    },
    memory: async () => {
      const used = new Map<string, number>();
      for (const { name, container } of await machines()) {
        const stats = await found.docker.getContainer(container ?? "").stats({ stream: false });
        used.set(name, Math.round(stats.memory_stats.usage / 1024 / 1024));
      }
      return used;
    },
    [Symbol.asyncDispose]: async () => {
      await nats.close();
    },
  };

  function hear({ subject, data, reply }: Msg): void {
    sent.push({ subject, payload: data });
    if (sent.length > 200) sent.shift();
    if (reply === undefined || reply === "" || !isForOrchestrator(subject)) return;
    const answer = answers.shift();
    if (answer !== undefined) nats.publish(reply, answer);
  }

  function intrude(intrusion: Intrusion): string {
    if (intrusion.do === "replay") {
      const message = sent.at(-1 - intrusion.back);
      if (message === undefined) return "nothing to say again";
      for (let times = 0; times < intrusion.times; times += 1) nats.publish(message.subject, message.payload);
      return "said again";
    }
    const payload = fill(intrusion.payload, targets);
    if (Buffer.byteLength(payload) > LARGEST_PAYLOAD) return "too large for the broker";
    if (intrusion.do === "answer") {
      if (!isLasting(payload)) answers.push(payload);
      return "an edge is answered";
    }
    const reply = intrusion.asks ? { reply: "expanso.intruder" } : {};
    nats.publish(fill(intrusion.subject, targets), payload, reply);
    return "sent";
  }

  async function freshen(): Promise<void> {
    said += 1;
    if (said % FRESH !== 1) return;
    const [nodes, jobs, executions] = await Promise.all(
      ["/nodes", "/jobs", "/executions"].map(async (path) =>
        ids.parse(JSON.parse(await ask(`${path}?limit=10000`))).items.map(({ id }) => id),
      ),
    );
    // The oldest are the edges: an intruder's came later.
    const real = targets.nodes.length > 0 ? targets.nodes : (nodes ?? []);
    targets = { nodes: real, jobs: jobs ?? [], executions: executions ?? [] };
  }

  async function ask(path: string): Promise<string> {
    const request = { method: "GET", path: `/api/v1${path}`, body: "" };
    const bytes = bytesOf({ request, flaw: "none" }, { targets, authorization });
    const [answer] = await speakHttp(api, bytes);
    if (answer?.status !== 200)
      throw new Error(`GET ${path}: ${answer?.status ?? "hung up"} ${answer?.body ?? ""}`);
    return answer.body;
  }
}

/** An answer to HEAD tells its length, and has no body. */
function isForHead({ request }: WireRequest, { status }: RawAnswer): boolean {
  return request.method === "HEAD" && status < 500;
}
