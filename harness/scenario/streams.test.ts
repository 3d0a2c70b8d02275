import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { aCluster, aRunState, type Happenings } from "../test-kit/a-cluster.ts";
import { ofKind } from "../timeline/timeline.ts";
import { readStreams } from "./streams.ts";

describe("the log streams", () => {
  it("are read once the orchestrator has logged the look and the broker has spoken since the claim", async () => {
    const { read, record } = await streams();
    await read();
    expect(record()).toEqual([5_000]);
  });

  it("are read as soon as the broker's next heartbeat is recorded", async () => {
    const { read, record, clock, print } = await streams({ isBrokerSilent: true });
    const reading = read();
    await clock.advance(900);
    expect(record()).toEqual([]);
    print("nats", "beat");
    await reading;
    expect(record()).toEqual([5_000]);
    expect(clock.pending()).toBe(0);
  });

  it.each([
    ["the broker stays silent for longer than a heartbeat", { isBrokerSilent: true }],
    ["the orchestrator's log does not show the look", { isOrchestratorSilent: true }],
  ])("are not if %s", async (_why, silence) => {
    const { read, record, clock } = await streams(silence);
    await clock.drive(read());
    expect(record()).toEqual([]);
    expect(clock.pending()).toBe(0);
  });

  it("are not after an interruption, which ends the wait", async () => {
    const { read, record, clock, interrupt, signal } = await streams({ isBrokerSilent: true });
    const reading = read();
    await clock.advance(10);
    interrupt();
    await reading;
    expect(record()).toEqual([]);
    expect(clock.pending()).toBe(0);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

/** Five seconds into a run; the claim began at three, and nobody has said anything since one. */
async function streams(silence: Happenings & { readonly isOrchestratorSilent?: boolean } = {}) {
  const controller = new AbortController();
  const cluster = aCluster(silence);
  const state = await aRunState(cluster, { signal: controller.signal });
  await cluster.clock.advance(1_000);
  cluster.print("nats", "beat");
  cluster.print("orchestrator", "looked");
  await cluster.clock.advance(4_000);
  const quiet = {
    ...state,
    lastHeardMs: (machine: string) => (machine === "nats" ? state.lastHeardMs(machine) : 1_000),
  };
  const past = { looksPastMs: 5_000, brokerPastMs: 3_000, heartbeatMs: 1_000 };
  return {
    clock: cluster.clock,
    signal: controller.signal,
    print: (machine: string, text: string) => cluster.print(machine, text),
    interrupt: () => controller.abort(),
    read: () => readStreams(silence.isOrchestratorSilent === true ? quiet : state, past),
    record: () => ofKind(state.timeline.entries(), "streams-read").map((entry) => entry.upToMs),
  };
}
