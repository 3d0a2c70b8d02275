import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { aCluster, aRunState } from "../test-kit/a-cluster.ts";
import { witnessBroker } from "./fault-witness.ts";

const EDGES = ["edge1", "edge2"];

describe("the broker's record of a kill", () => {
  it("proves it once the connection of every edge was closed", async () => {
    const { watch, print, drive } = await aBroker();
    const witness = watch("closed");
    print("closed client=edge1 cid=5", "closed client=edge2 cid=4");
    expect(await drive(witness)).toEqual({ bit: true, seen: "NATS: connection closed (cid 5, 4)" });
  });

  it("may come late", async () => {
    const { watch, print, clock } = await aBroker();
    const proof = watch("closed")?.proof();
    print("closed client=edge2 cid=4");
    await clock.advance(9_999);
    print("closed client=edge1 cid=5");
    expect(await proof).toEqual({ bit: true, seen: "NATS: connection closed (cid 5, 4)" });
    expect(clock.pending()).toBe(0);
  });

  it("names the edges of which nothing was recorded in time", async () => {
    const { watch, print, drive, clock } = await aBroker();
    const witness = watch("closed");
    print("closed client=edge1 cid=5", "closed client=edge9 cid=9", "opened client=edge2 cid=7");
    expect(await drive(witness)).toEqual({
      bit: false,
      seen: "NATS never recorded the connection of edge2 as closed",
    });
    expect(clock.pending()).toBe(0);
  });

  it("does not count what was recorded before the fault", async () => {
    const { watch, print, drive } = await aBroker();
    print("closed client=edge1 cid=1", "closed client=edge2 cid=2");
    expect((await drive(watch("closed")))?.bit).toBe(false);
  });
});

describe("the broker's record of a return", () => {
  it("proves it by a new connection of each", async () => {
    const { watch, print, drive } = await aBroker();
    print("opened client=edge1 cid=5", "opened client=edge2 cid=4");
    const witness = watch("opened");
    print("opened client=edge2 cid=7", "opened client=edge1 cid=8");
    expect(await drive(witness)).toEqual({ bit: true, seen: "NATS: connection opened (cid 8, 7)" });
  });

  it("does not accept the connection that was there before", async () => {
    const { watch, print, drive } = await aBroker();
    print("opened client=edge1 cid=5", "opened client=edge2 cid=4");
    const witness = watch("opened");
    print("opened client=edge1 cid=8", "opened client=edge2 cid=4");
    expect(await drive(witness)).toEqual({ bit: false, seen: "edge2 returned on the old connection" });
  });
});

it("is not asked of a system that has no such record", async () => {
  const { watch } = await aBroker({ capabilities: [] });
  expect(watch("closed")).toBeUndefined();
});

describe("an interruption", () => {
  it.each(["before it is asked", "while it waits"])("%s ends the wait at once", async (when) => {
    const { watch, interrupt, reason, signal, clock } = await aBroker();
    const witness = watch("closed");
    if (when === "before it is asked") interrupt();
    const proof = witness?.proof();
    interrupt();
    await expect(proof).rejects.toBe(reason);
    expect(clock.pending()).toBe(0);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

async function aBroker({
  capabilities = ["broker-record"],
}: { readonly capabilities?: "broker-record"[] } = {}) {
  const controller = new AbortController();
  const cluster = aCluster({ capabilities });
  const state = await aRunState(cluster, { signal: controller.signal });
  const reason = new Error("interrupted by SIGINT");
  return {
    clock: cluster.clock,
    signal: controller.signal,
    reason,
    interrupt: () => controller.abort(reason),
    print: (...lines: readonly string[]) => {
      for (const line of lines) cluster.print("nats", line);
    },
    watch: (change: "opened" | "closed") => witnessBroker(state, EDGES, change),
    drive: async (witness: ReturnType<typeof witnessBroker>) =>
      await cluster.clock.drive(Promise.resolve(witness?.proof())),
  };
}
