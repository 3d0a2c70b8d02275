import { describe, expect, it } from "vitest";
import { VERSION } from "../model/version.ts";
import { subjectFromAll, subjectTo } from "../protocol/subjects.ts";
import { aHost } from "../test-kit/a-host.ts";
import { aUuid } from "../test-kit/counting-random.ts";
import { createManualClock } from "../test-kit/manual-clock.ts";
import { createMemoryBroker } from "../test-kit/memory-bus.ts";
import { createRecordingLog } from "../test-kit/recording-log.ts";
import { createMembership } from "./membership.ts";

const ACCEPT = { accepted: true, heartbeat_ms: 1_000, tell_inventory: false, digest_every_ms: 0 };

/** An edge's membership, and an orchestrator that answers what the test says: `undefined` is no answer. */
function aMembership(orchestratorIsThere = true) {
  const clock = createManualClock();
  const start = clock.nowMs();
  const log = createRecordingLog();
  const broker = createMemoryBroker(clock);
  const seen: string[] = [];
  const answers: { handshake: unknown; heartbeat: unknown } = {
    handshake: ACCEPT,
    heartbeat: { handshake_required: false, tell_inventory: false },
  };
  const listen = () => {
    const bus = broker.connect();
    const answer = (name: "handshake" | "heartbeat") => (message: { respond(payload: string): void }) => {
      seen.push(`${clock.nowMs() - start} ${name}`);
      const text = answers[name];
      if (text !== undefined) message.respond(typeof text === "string" ? text : JSON.stringify(text));
    };
    bus.subscribe(subjectFromAll("handshake"), answer("handshake"));
    bus.subscribe(subjectFromAll("heartbeat"), answer("heartbeat"));
    return bus;
  };
  const orchestrator = orchestratorIsThere ? listen() : undefined;
  const bus = broker.connect();
  const membership = createMembership(
    { bus, clock, host: aHost(), log, executions: { inventory: () => [], live: () => [] } },
    { id: aUuid(1), settings: { name: "edge1", labels: { zone: "eu" } } },
  );
  return { clock, log, broker, seen, answers, listen, orchestrator, bus, membership };
}

describe("a handshake", () => {
  it("says who the edge is", async () => {
    const { membership, broker, clock } = aMembership();
    membership.start();
    await clock.pass(0);
    expect(broker.published.map(({ payload }) => JSON.parse(payload) as unknown)).toEqual([
      {
        node_id: aUuid(1),
        name: "edge1",
        hostname: "edge.local",
        os: "linux",
        arch: "x64",
        agent_version: VERSION,
        labels: { zone: "eu" },
      },
    ]);
  });

  it("is followed by heartbeats, at the pace that the orchestrator asks for", async () => {
    const { membership, clock, seen, log, broker } = aMembership();
    membership.start();
    await clock.pass(3_500);
    expect(seen).toEqual(["0 handshake", "1000 heartbeat", "2000 heartbeat", "3000 heartbeat"]);
    expect(JSON.parse(broker.published[1]?.payload ?? "")).toEqual({ node_id: aUuid(1) });
    expect(log.lines).toEqual([
      {
        level: "info",
        message: "EDGE: Handshake accepted",
        fields: { node_id: aUuid(1), node_name: "edge1", heartbeat_ms: 1_000 },
      },
    ]);
  });

  it("is tried every 250 ms while nobody is there, and says once that it waits", async () => {
    const { membership, clock, seen, log, broker, listen } = aMembership(false);
    membership.start();
    await clock.pass(999);
    expect(broker.published.length).toBe(4);
    listen();
    await clock.pass(1);
    expect(seen).toEqual(["1000 handshake"]);
    expect(log.told()).toEqual(["info EDGE: Waiting for the orchestrator", "info EDGE: Handshake accepted"]);
    expect(log.lines[0]?.fields).toEqual({
      seen: `nobody subscribes to ${subjectTo("handshake", aUuid(1))}`,
    });
  });

  it("is tried again when it went unanswered for 2 s", async () => {
    const { membership, clock, seen, answers } = aMembership();
    answers.handshake = undefined;
    membership.start();
    await clock.pass(2_249);
    expect(seen).toEqual(["0 handshake"]);
    answers.handshake = ACCEPT;
    await clock.pass(1);
    expect(seen).toEqual(["0 handshake", "2250 handshake"]);
  });

  it.each([
    ["refused", { accepted: false, reason: "this node was deleted" }, "this node was deleted"],
    ["answered with nonsense", "nonsense", "malformed answer"],
    [
      "answered with a pace that cannot be kept",
      { accepted: true, heartbeat_ms: 0, tell_inventory: false, digest_every_ms: 0 },
      "malformed answer",
    ],
  ])("that is %s is tried again after 10 s", async (_, answer, reason) => {
    const { membership, clock, seen, answers, log } = aMembership();
    answers.handshake = answer;
    membership.start();
    await clock.pass(10_000);
    expect(seen).toEqual(["0 handshake", "10000 handshake"]);
    expect(log.lines[0]).toEqual({
      level: "error",
      message: "EDGE: Handshake refused",
      fields: { node_id: aUuid(1), reason },
    });
  });
});

describe("a heartbeat", () => {
  it("that is answered with handshake_required leads to a handshake at once", async () => {
    const { membership, clock, seen, answers } = aMembership();
    membership.start();
    await clock.pass(500);
    answers.heartbeat = { handshake_required: true, tell_inventory: false };
    await clock.pass(600);
    expect(seen).toEqual(["0 handshake", "1000 heartbeat", "1000 handshake"]);
    answers.heartbeat = { handshake_required: false, tell_inventory: false };
    await clock.pass(1_000);
    expect(seen.slice(3)).toEqual(["2000 heartbeat"]);
  });

  it("that nobody hears is followed by the next one: the orchestrator will ask if it needs to know", async () => {
    const { membership, clock, seen, orchestrator, listen, log } = aMembership();
    membership.start();
    await clock.pass(1_500);
    orchestrator?.kill();
    await clock.pass(2_000);
    listen();
    await clock.pass(1_000);
    expect(seen).toEqual(["0 handshake", "1000 heartbeat", "4000 heartbeat"]);
    expect(log.told("EDGE: Heartbeat")).toEqual([
      "debug EDGE: Heartbeat went unanswered",
      "debug EDGE: Heartbeat went unanswered",
    ]);
  });

  it("that is answered late does not slow down the beat more than it must", async () => {
    const { membership, clock, seen, answers } = aMembership();
    membership.start();
    answers.heartbeat = undefined;
    await clock.pass(5_500);
    expect(seen).toEqual(["0 handshake", "1000 heartbeat", "3000 heartbeat", "5000 heartbeat"]);
  });

  it("that is answered with nonsense counts as unanswered", async () => {
    const { membership, clock, seen, answers } = aMembership();
    answers.heartbeat = "nonsense";
    membership.start();
    await clock.pass(2_500);
    expect(seen).toEqual(["0 handshake", "1000 heartbeat", "2000 heartbeat"]);
  });
});

describe("a stop", () => {
  it("ends it", async () => {
    const { membership, clock, seen } = aMembership();
    membership.start();
    await clock.pass(1_500);
    membership.stop();
    await clock.pass(60_000);
    expect(seen).toEqual(["0 handshake", "1000 heartbeat"]);
    expect(clock.waiting().tasks).toBe(0);
  });

  it("ends it while it waits for an answer, too", async () => {
    const { membership, clock, seen, answers } = aMembership();
    answers.handshake = undefined;
    membership.start();
    await clock.pass(1_000);
    membership.stop();
    await clock.pass(60_000);
    expect(seen).toEqual(["0 handshake"]);
  });

  it("is what a closed bus is", async () => {
    const { membership, clock, bus } = aMembership();
    membership.start();
    await clock.pass(500);
    bus.kill();
    await clock.pass(60_000);
    expect(clock.waiting().tasks).toBe(0);
  });
});
