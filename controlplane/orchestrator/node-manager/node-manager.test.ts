import { describe, expect, it } from "vitest";
import { subjectTo } from "../../protocol/subjects.ts";
import { aNodeDraft, aStore, putNode } from "../../test-kit/a-store.ts";
import { aUuid } from "../../test-kit/counting-random.ts";
import { START_MS } from "../../test-kit/manual-clock.ts";
import { createMemoryBroker } from "../../test-kit/memory-bus.ts";
import { noRecovery } from "../recovery/none.ts";
import { createTransport } from "../transport/transport.ts";
import { createNodeManager } from "./node-manager.ts";

const N1 = aUuid(1);
const HANDSHAKE = {
  node_id: N1,
  name: "edge1",
  hostname: "edge1.local",
  os: "linux",
  arch: "arm64",
  agent_version: "0.1.0",
  labels: { zone: "eu" },
};
const ACCEPTED = { accepted: true, heartbeat_ms: 1_000, tell_inventory: false, digest_every_ms: 0 };

function aNodeManager(world = aStore()) {
  const { store, clock, log } = world;
  const broker = createMemoryBroker(clock);
  const bus = broker.connect();
  const transport = createTransport({ bus, clock, log }, { dataPlaneSetupMs: 250 });
  const nodeManager = createNodeManager(
    { bus, clock, log, store, transport, recovery: noRecovery, inventory: { digestFor: () => "" } },
    { heartbeatMs: 1_000, resyncIntervalMs: 1_000, disconnectTimeoutMs: 3_000, lostTimeoutMs: 6_000 },
  );
  const edge = broker.connect();
  /** What the orchestrator answers, as text of the failure if it does not. */
  const ask = async (subject: string, payload: unknown): Promise<unknown> => {
    const text = typeof payload === "string" ? payload : JSON.stringify(payload);
    const answer = edge
      .request(subject, text, { timeoutMs: 2_000 })
      .then((json): unknown => JSON.parse(json), String);
    await clock.pass(0);
    return Promise.race([answer, clock.pass(2_000).then(() => answer)]);
  };
  return {
    ...world,
    transport,
    nodeManager,
    shakeHands: (more: object = {}) => ask(subjectTo("handshake", N1), { ...HANDSHAKE, ...more }),
    beat: (nodeId = N1) => ask(subjectTo("heartbeat", nodeId), { node_id: nodeId }),
    ask,
    events: () => store.eventsAfter(0, 100).map(({ kind }) => kind),
    connection: (id = N1) => store.node(id)?.connection,
  };
}

/** The same, started, with `N1` connected and its data plane ready. */
async function withNode() {
  const world = aNodeManager();
  world.nodeManager.start();
  await world.shakeHands();
  world.clock.advance(250);
  return world;
}

describe("a handshake", () => {
  it("makes the node connected at once, with a join, and is answered with the timing to keep", async () => {
    const { nodeManager, shakeHands, store, log } = aNodeManager();
    nodeManager.start();
    expect(await shakeHands()).toEqual(ACCEPTED);
    expect(store.node(N1)).toEqual({
      id: N1,
      name: "edge1",
      hostname: "edge1.local",
      os: "linux",
      arch: "arm64",
      agentVersion: "0.1.0",
      labels: { zone: "eu" },
      connection: "connected",
      message: "handshake completed",
      connectedSinceMs: START_MS,
      createdAtMs: START_MS,
      updatedAtMs: START_MS,
      revision: 1,
    });
    expect(store.eventsAfter(0, 10)).toEqual([
      { seq: 1, atMs: START_MS, kind: "node-joined", nodeId: N1, from: undefined },
    ]);
    expect(nodeManager.lastHeardMs(N1)).toBe(START_MS);
    expect(log.lines[0]).toEqual({
      level: "info",
      message: "HANDSHAKE: Node handshake completed",
      fields: { node_id: N1, node_name: "edge1", previous_state: "new", data_plane: "none" },
    });
  });

  it("is answered before the data plane is ready: between the two lies loss L3", async () => {
    const { nodeManager, shakeHands, transport, clock, connection } = aNodeManager();
    nodeManager.start();
    await shakeHands();
    expect([connection(), transport.dataPlane(N1)]).toEqual(["connected", "setting-up"]);
    clock.advance(250);
    expect(transport.dataPlane(N1)).toBe("ready");
  });

  it("repeated while connected is a join again, and keeps the data plane and the time", async () => {
    const { shakeHands, transport, clock, store, events } = await withNode();
    clock.advance(500);
    expect(await shakeHands({ labels: { zone: "us" } })).toEqual(ACCEPTED);
    expect(transport.dataPlane(N1)).toBe("ready");
    expect(store.node(N1)).toMatchObject({ connectedSinceMs: START_MS, labels: { zone: "us" }, revision: 2 });
    expect(events()).toEqual(["node-joined", "node-joined"]);
  });

  it.each(["disconnected", "lost"] as const)("brings a %s node back", async (connection) => {
    const world = aNodeManager();
    putNode(world.store, N1);
    putNode(world.store, N1, { connection: "disconnected", disconnectedSinceMs: START_MS - 1 });
    if (connection === "lost") putNode(world.store, N1, { connection });
    world.nodeManager.start();
    world.clock.advance(10);
    expect(await world.shakeHands()).toEqual(ACCEPTED);
    expect(world.store.node(N1)).toMatchObject({
      connection: "connected",
      connectedSinceMs: START_MS + 10,
      createdAtMs: START_MS,
    });
    expect(world.store.node(N1)?.disconnectedSinceMs).toBeUndefined();
    expect(world.store.eventsAfter(0, 10).at(-1)).toMatchObject({ kind: "node-joined", from: connection });
  });

  it("of a deleted node is refused, and changes nothing", async () => {
    const { nodeManager, shakeHands, store, transport, log } = aNodeManager();
    putNode(store, N1);
    store.change((writer) => writer.putNode(aNodeDraft(N1, { connection: "deleted" })));
    const before = [store.node(N1), store.lastSeq()];
    nodeManager.start();
    expect(await shakeHands()).toEqual({
      accepted: false,
      reason: "this node was deleted; bootstrap it again to get a new id",
    });
    expect([store.node(N1), store.lastSeq()]).toEqual(before);
    expect(transport.dataPlane(N1)).toBe("none");
    expect(log.told()).toEqual(["warn HANDSHAKE: Refused, the node was deleted"]);
  });

  it.each([
    ["not JSON", "{", "not JSON"],
    ["nothing", "", "not JSON"],
    ["a list", "[]", /^message: /],
    ["without an id", { ...HANDSHAKE, node_id: undefined }, /^node_id: /],
    ["with an id that is no UUID", { ...HANDSHAKE, node_id: "edge1" }, /^node_id: /],
    ["without a name", { ...HANDSHAKE, name: "" }, /^name: /],
    ["with labels that are no texts", { ...HANDSHAKE, labels: { zone: 1 } }, /^labels\.zone: /],
  ])("that is malformed (%s) is refused, and applied in no part", async (_, payload, problem) => {
    const { nodeManager, ask, shakeHands, store, log } = aNodeManager();
    nodeManager.start();
    expect(await ask(subjectTo("handshake", N1), payload)).toEqual({
      accepted: false,
      reason: expect.stringMatching(/^malformed handshake: /) as string,
    });
    expect([store.nodes(), store.lastSeq()]).toEqual([[], 0]);
    expect(log.told()).toEqual(["warn HANDSHAKE: Malformed request refused"]);
    expect(log.lines[0]?.fields["problem"]).toMatch(problem);
    // And the next one is as welcome as ever.
    expect(await shakeHands()).toEqual(ACCEPTED);
  });
});

describe("a heartbeat", () => {
  it("keeps a connected node connected", async () => {
    const { beat, clock, nodeManager, connection } = await withNode();
    for (let count = 0; count < 5; count += 1) {
      clock.advance(2_000);
      expect(await beat()).toEqual({ handshake_required: false, tell_inventory: false });
      nodeManager.checkTimeouts();
    }
    expect(connection()).toBe("connected");
    expect(nodeManager.lastHeardMs(N1)).toBe(START_MS + 10_250);
  });

  it("of a disconnected node asks for a handshake, and is none", async () => {
    const { beat, clock, nodeManager, connection } = await withNode();
    clock.advance(3_000);
    nodeManager.checkTimeouts();
    expect(connection()).toBe("disconnected");
    expect(await beat()).toEqual({ handshake_required: true, tell_inventory: false });
    expect([connection(), nodeManager.lastHeardMs(N1)]).toEqual(["disconnected", START_MS]);
  });

  it("of a node without a data plane asks for a handshake: the orchestrator has restarted", async () => {
    const { store, clock, log, database } = await withNode();
    const after = aNodeManager({ store, clock, log, database });
    after.nodeManager.start();
    expect(after.connection()).toBe("connected");
    expect(await after.beat()).toEqual({ handshake_required: true, tell_inventory: false });
    await after.shakeHands();
    expect(await after.beat()).toEqual({ handshake_required: false, tell_inventory: false });
  });

  it("of an unknown node asks for a handshake", async () => {
    const { beat } = await withNode();
    expect(await beat(aUuid(99))).toEqual({ handshake_required: true, tell_inventory: false });
  });

  it.each(["", "{}", '{"node_id":"edge1"}', "null"])("that is malformed (%s) is ignored", async (payload) => {
    const { ask, beat, log } = await withNode();
    expect(await ask(subjectTo("heartbeat", N1), payload)).toMatch(/^RequestTimeoutError/);
    expect(log.told("HEARTBEAT")).toEqual(["warn HEARTBEAT: Malformed request ignored"]);
    expect(await beat()).toEqual({ handshake_required: false, tell_inventory: false });
  });
});

describe("silence", () => {
  it("makes a node disconnected after the first timeout, and closes its data plane", async () => {
    const { clock, nodeManager, connection, transport, store, log, events } = await withNode();
    clock.advance(2_749);
    nodeManager.checkTimeouts();
    expect(connection()).toBe("connected");
    clock.advance(1);
    nodeManager.checkTimeouts();
    expect(store.node(N1)).toMatchObject({
      connection: "disconnected",
      message: "no heartbeat for 3000 ms",
      disconnectedSinceMs: START_MS + 3_000,
    });
    expect(store.node(N1)?.connectedSinceMs).toBeUndefined();
    expect(transport.dataPlane(N1)).toBe("none");
    expect(events()).toEqual(["node-joined", "node-disconnected"]);
    expect(log.lines.at(-1)).toEqual({
      level: "warn",
      message: "NODE: leave - marked disconnected",
      fields: { node_id: N1, node_name: "edge1", why: "no heartbeat for 3000 ms" },
    });
  });

  it("makes it lost after the second, which is a leave", async () => {
    const { clock, nodeManager, connection, log, events, store } = await withNode();
    clock.advance(3_000);
    nodeManager.checkTimeouts();
    clock.advance(5_999);
    nodeManager.checkTimeouts();
    expect(connection()).toBe("disconnected");
    clock.advance(1);
    nodeManager.checkTimeouts();
    expect(connection()).toBe("lost");
    expect(events()).toEqual(["node-joined", "node-disconnected", "node-left"]);
    expect(store.eventsAfter(2, 1)).toMatchObject([{ to: "lost" }]);
    expect(log.told("NODE").at(-1)).toBe("warn NODE: leave - marked lost");
    clock.advance(3_600_000);
    nodeManager.checkTimeouts();
    expect(events().length).toBe(3);
  });

  it("never takes a node from connected to lost in one step", async () => {
    const { clock, nodeManager, connection } = await withNode();
    clock.advance(3_600_000);
    nodeManager.checkTimeouts();
    expect(connection()).toBe("disconnected");
    nodeManager.checkTimeouts();
    expect(connection()).toBe("disconnected");
  });

  it("counts from the start of the orchestrator, as far as it was not there", async () => {
    const { store, clock, log, database } = await withNode();
    putNode(store, aUuid(2));
    putNode(store, aUuid(2), { connection: "disconnected", disconnectedSinceMs: clock.nowMs() });
    clock.advance(3_600_000);
    const after = aNodeManager({ store, clock, log, database });
    const states = () => [after.connection(N1), after.connection(aUuid(2))];
    after.nodeManager.start();
    clock.advance(2_999);
    after.nodeManager.checkTimeouts();
    expect(states()).toEqual(["connected", "disconnected"]);
    clock.advance(1);
    after.nodeManager.checkTimeouts();
    expect(states()).toEqual(["disconnected", "disconnected"]);
    clock.advance(2_999);
    after.nodeManager.checkTimeouts();
    expect(states()).toEqual(["disconnected", "disconnected"]);
    clock.advance(1);
    after.nodeManager.checkTimeouts();
    expect(states()).toEqual(["disconnected", "lost"]);
  });

  it("of a node that only registered is none: it has not been there yet", () => {
    const { store, clock, nodeManager, connection } = aNodeManager();
    putNode(store, N1, { connection: "disconnected", disconnectedSinceMs: undefined });
    nodeManager.start();
    clock.advance(3_600_000);
    nodeManager.checkTimeouts();
    expect(connection()).toBe("disconnected");
  });
});

it("hears nothing any more once it is stopped", async () => {
  const { nodeManager, beat } = await withNode();
  nodeManager.stop();
  expect(await beat()).toMatch(/^NoRespondersError/);
});
