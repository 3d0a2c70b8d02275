import { describe, expect, it } from "vitest";
import { createBrokerRecordReader } from "../../../harness/systems/expanso/broker-record.ts";
import type { BrokerLines } from "./broker-lines.ts";
import type { BusWorld } from "./bus-world.ts";
import { listen, serve } from "./inbox.ts";
import { natsServerMissing } from "./real/nats-server.ts";
import { openRealBusWorld } from "./real/real-world.ts";
import { openSimBusWorld } from "./sim/sim-world.ts";

const NODE = "11111111-1111-4111-8111-111111111111";
const STATUS = "expanso.orchestrator.status";
const IN = `expanso.node.${NODE}.in`;

const opened = (cid: number, client: string) => ["broker-connection-opened", { cid, client }];
const closed = (cid: number, client: string) => [
  "broker-connection-closed",
  { cid, client, why: "Client Closed" },
];
const published = (payload: string, said: Readonly<Record<string, string>>) => [
  "broker-pub",
  { cid: 1, subject: IN, node_id: NODE, payload, ...said },
];
const command = (message: { readonly kind: string; readonly execution_id: string }) => {
  const { kind, execution_id } = message;
  return published(JSON.stringify(message), { command: kind, execution_id });
};
const delivered = ["broker-msg", { cid: 2, client: "expanso-edge edge1", subject: IN, node_id: NODE }];

const ODD = { kind: "run_execution", execution_id: "e-ü", mapping: 'root = "a\\b"\n' };
const REPORT = { node_id: NODE, execution_id: "e-delivered", state: "completed", message: "done" };

/** What the harness must read in the record of `converse`; connections are numbered as they come. */
const READINGS = [
  opened(1, "expanso-orchestrator"),
  command({ kind: "run_execution", execution_id: "e-lost" }),
  opened(2, "expanso-edge edge1"),
  ["broker-sub", { cid: 2, client: "expanso-edge edge1", subject: IN, node_id: NODE }],
  command({ kind: "run_execution", execution_id: "e-delivered" }),
  delivered,
  command(ODD),
  delivered,
  published('"fence"', {}),
  delivered,
  [
    "broker-pub",
    {
      cid: 2,
      subject: STATUS,
      payload: JSON.stringify(REPORT),
      execution_id: "e-delivered",
      state: "completed",
    },
  ],
  closed(2, "expanso-edge edge1"),
  command({ kind: "stop_execution", execution_id: "e-after" }),
  opened(3, "expanso-edge edge2"),
  closed(3, "expanso-edge edge2"),
  closed(1, "expanso-orchestrator"),
];

describe("the broker's record of one conversation", () => {
  it("of the simulated nats-server, is read as what was said", async () => {
    await using world = openSimBusWorld();
    await converse(world);
    expect(readingsIn(world.record)).toEqual(READINGS);
  });

  describe("of a real nats-server", { skip: natsServerMissing() !== undefined, timeout: 20_000 }, () => {
    it("is read alike", async () => {
      await using world = await openRealBusWorld();
      await converse(world);
      expect(readingsIn(world.record)).toEqual(READINGS);
    });

    it("has the same lines, but for ids, times and what the simulated one leaves out", async () => {
      await using real = await openRealBusWorld();
      await using simulated = openSimBusWorld();
      await converse(real);
      await converse(simulated);
      expect(linesOf(simulated.record)).toEqual(linesOf(real.record));
    });
  });
});

/** Every kind of line that the harness reads, and those around it: one after the other, so that their order is certain. */
async function converse(world: BusWorld): Promise<void> {
  const orchestrator = await world.connect("expanso-orchestrator");
  const send = async (payload: unknown): Promise<void> => {
    orchestrator.publish(IN, JSON.stringify(payload));
    await orchestrator.flush();
  };
  await send({ kind: "run_execution", execution_id: "e-lost" });
  const edge = await world.connect("expanso-edge edge1");
  const inbox = await listen(edge, IN);
  await send({ kind: "run_execution", execution_id: "e-delivered" });
  await send(ODD);
  await send("fence");
  await inbox.until('"fence"');
  inbox.subscription.unsubscribe();
  edge.publish(STATUS, JSON.stringify(REPORT));
  await edge.flush();
  await serve(edge, "expanso.orchestrator.heartbeat", () => '{"handshake_required":false}');
  await orchestrator.request("expanso.orchestrator.heartbeat", "{}", { timeoutMs: 5_000 });
  await orchestrator.request("nobody", "{}", { timeoutMs: 5_000 }).catch(() => {});
  await edge.close();
  await world.broker.dropped("expanso-edge edge1");
  await send({ kind: "stop_execution", execution_id: "e-after" });
  const other = await world.spawn("expanso-edge edge2", "expanso.status");
  await other.kill();
  await orchestrator.close();
  await world.broker.dropped("expanso-orchestrator");
}

function readingsIn({ lines }: BrokerLines): unknown[] {
  const read = createBrokerRecordReader();
  const cids: string[] = [];
  return lines
    .flatMap((text) => read({ machine: "nats", text, atMs: 0 }))
    .map(({ pattern, fields: { cid = "", ...fields } }) => {
      if (!cids.includes(cid)) cids.push(cid);
      return [pattern.name, { ...fields, cid: cids.indexOf(cid) + 1 }];
    });
}

/** What is left out in simulation: the greeting, pings and what answers them, and the notice that nobody responds. */
const LEFT_OUT = /\[INF\]|\[CONNECT |\[P[IO]NG\]|<->|HMSG|\[DBG\] (?!.* - Client connection)/;
// A client that leaves ends its subscriptions first; the simulated one only goes.
const LEAVING = /\[UNSUB /;

function linesOf({ lines }: BrokerLines): string[] {
  const names = new Map<string, string>();
  const named = (kind: string) => (id: string) => {
    if (!names.has(id)) names.set(id, `${kind} ${names.size}`);
    return names.get(id) ?? id;
  };
  return lines
    .filter((line) => !LEFT_OUT.test(line) && !LEAVING.test(line))
    .map((line) =>
      line
        .replace(/^\[\d+\] \S+ \S+ /, "")
        .replace(/\S+:\d+ - cid:\d+/, named("connection"))
        .replace(/_INBOX\.\w+\.\w+/g, named("request"))
        .replace(/_INBOX\.\w+\.\*/g, "all requests"),
    );
}
