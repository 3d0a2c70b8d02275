import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { ControlError } from "../systems/system.ts";
import { settled } from "../test-kit/a-clock.ts";
import { aCluster, aRunState } from "../test-kit/a-cluster.ts";
import type { Sight } from "./condition.ts";
import type { RunState } from "./run-state.ts";
import { waitFor } from "./wait.ts";

const LIMIT_MS = 1_000;

describe("waiting", () => {
  it("looks at once, and goes no further if it is so already", async () => {
    const { wait, looks, cluster } = await aWait({ sights: ["met"] });
    expect(await wait()).toEqual({ met: true, seen: "look 1" });
    expect(looks()).toBe(1);
    expect(cluster.clock.pending()).toBe(0);
  });

  it("looks again when a line says that it is worth looking", async () => {
    const { wait, looks, cluster } = await aWait({ sights: ["not", "met"] });
    const sight = wait();
    await settled();
    cluster.print("orchestrator", "progress job_id=j-new");
    expect(await sight).toEqual({ met: true, seen: "look 2" });
    expect(looks()).toBe(2);
  });

  it("does not look for other lines, nor on a beat", async () => {
    const { wait, looks, cluster } = await aWait({ sights: ["not", "not"] });
    const sight = wait();
    await settled();
    cluster.print("orchestrator", "progress job_id=j-old");
    cluster.print("orchestrator", "ready node_name=edge1");
    cluster.print("orchestrator", "nobody knows this line");
    await cluster.clock.advance(LIMIT_MS - 1);
    expect(looks()).toBe(1);
    await cluster.clock.advance(1);
    await sight;
  });

  it("does not miss a line that comes while it looks", async () => {
    const { wait, looks, cluster } = await aWait({
      sights: ["not", "met"],
      during: (look) => look === 1 && cluster.print("orchestrator", "progress job_id=j-new"),
    });
    expect(await wait()).toEqual({ met: true, seen: "look 2" });
    expect(looks()).toBe(2);
  });

  it("looks once for many lines that come while it looks", async () => {
    const { wait, looks, cluster } = await aWait({
      sights: ["not", "not", "met"],
      during: (look) => {
        const lines = look === 1 ? 5 : 0;
        for (let i = 0; i < lines; i += 1) cluster.print("orchestrator", "progress job_id=j-new");
      },
    });
    const sight = wait();
    await settled();
    expect(looks()).toBe(2);
    cluster.print("orchestrator", "progress job_id=j-new");
    expect((await sight).seen).toBe("look 3");
  });
});

describe("when the time is up", () => {
  it("takes a last look, which may still find it so", async () => {
    const { wait, cluster } = await aWait({ sights: ["not", "met"] });
    expect(await cluster.clock.drive(wait())).toEqual({ met: true, seen: "look 2" });
  });

  it("resolves with what was last seen if it is not so", async () => {
    const { wait, looks, cluster } = await aWait({ sights: ["not", "not", "met"] });
    const startedMs = cluster.clock.nowMs();
    expect(await cluster.clock.drive(wait())).toEqual({ met: false, seen: "look 2" });
    expect(looks()).toBe(2);
    expect(cluster.clock.nowMs() - startedMs).toBe(LIMIT_MS);
  });

  it("takes the last look after the end, though one was under way at the end", async () => {
    const { wait, cluster } = await aWait({ sights: ["not", "met"], lookTakesMs: LIMIT_MS + 50 });
    expect(await cluster.clock.drive(wait())).toEqual({ met: true, seen: "look 2" });
  });
});

describe("an interruption", () => {
  it.each([
    ["while it waits", 10, 0],
    ["while it looks", 10, 500],
  ])("%s ends it with the signal's reason", async (_when, afterMs, lookTakesMs) => {
    const { wait, cluster, interrupt, reason, signal } = await aWait({ sights: ["not"], lookTakesMs });
    const sight = wait();
    sight.catch(() => {});
    await cluster.clock.advance(afterMs);
    interrupt();
    await expect(cluster.clock.drive(sight)).rejects.toBe(reason);
    expect(cluster.clock.pending()).toBe(0);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("beforehand lets it not even look", async () => {
    const { wait, looks, interrupt, reason } = await aWait({ sights: ["met"] });
    interrupt();
    await expect(wait()).rejects.toBe(reason);
    expect(looks()).toBe(0);
  });
});

it("passes on what a look throws", async () => {
  const { wait } = await aWait({ sights: ["fails"] });
  await expect(wait()).rejects.toThrow(new Error("look failed"));
});

describe("nothing is left behind", () => {
  it.each([
    ["when it is so", ["met"]],
    ["when the time is up", ["not", "not"]],
    ["when a look fails", ["fails"]],
    ["when a later look fails", ["not", "fails"]],
  ] as const)("%s", async (_when, sights) => {
    const { wait, cluster, signal, listeners } = await aWait({ sights });
    await Promise.allSettled([cluster.clock.drive(wait())]);
    expect(listeners()).toBe(0);
    expect(cluster.clock.pending()).toBe(0);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("a build that may not log what it should", () => {
  /** For what is so by the states at once, and by the log never. */
  async function aSilence(
    missing: (afterMs: number) => readonly string[],
    states: (afterMs: number) => "met" | "unanswered" | "broken" = () => "met",
    statesSuffice = false,
  ) {
    const cluster = aCluster({ missing: () => missing(cluster.clock.nowMs() - startedMs) });
    const startedMs = cluster.clock.nowMs();
    const state = await aRunState(cluster);
    const looks: string[] = [];
    const look = (by: string, met: boolean) => () => {
      looks.push(`${by} at ${cluster.clock.nowMs() - startedMs}`);
      return Promise.resolve({ met, seen: `by ${by}` });
    };
    const ask = look("the states", true);
    const condition = {
      what: "it is so",
      wakesOn: () => false,
      look: look("the log", false),
      statesSuffice,
      lookByStates: async () => {
        const sight = await ask();
        const answer = states(cluster.clock.nowMs() - startedMs);
        if (answer === "met") return sight;
        throw answer === "broken" ? new Error("look failed") : new ControlError("connection refused");
      },
    };
    const sight = await cluster.clock.drive(waitFor(state, condition, 10_000));
    expect(cluster.clock.pending()).toBe(0);
    return { sight, looks };
  }

  it("is asked by its states after a silence, and believed where lines are missing", async () => {
    expect(await aSilence((afterMs) => (afterMs < 5_000 ? [] : ["ready"]))).toEqual({
      sight: { met: true, seen: "by the states" },
      looks: ["the log at 0", "the log at 5000", "the states at 5000"],
    });
  });

  it("is asked once more, when a line that was only late would be there", async () => {
    expect((await aSilence((afterMs) => (afterMs < 6_000 ? [] : ["ready"]))).looks).toEqual([
      "the log at 0",
      "the log at 5000",
      "the states at 5000",
      "the log at 7000",
      "the states at 7000",
    ]);
  });

  it("is not believed where no line is missing: it has not been logged because it has not happened", async () => {
    const { sight, looks } = await aSilence(() => []);
    expect(sight).toEqual({ met: false, seen: "by the log" });
    expect(looks.at(-1)).toBe("the log at 10000");
    expect(looks).toHaveLength(6);
  });

  it("is asked once more, too, when it did not answer: that is no reason to give up", async () => {
    const answers = (afterMs: number) => (afterMs < 6_000 ? "unanswered" : "met");
    const { sight } = await aSilence((afterMs) => (afterMs < 6_000 ? [] : ["ready"]), answers);
    expect(sight).toEqual({ met: true, seen: "by the states" });
    await expect(
      aSilence(
        () => [],
        () => "broken",
      ),
    ).rejects.toThrow(new Error("look failed"));
  });

  it("is believed though no line is missing, where its states say as much as the line", async () => {
    const { sight, looks } = await aSilence(
      () => [],
      () => "met",
      true,
    );
    expect(sight).toEqual({ met: true, seen: "by the states" });
    expect(looks).toEqual(["the log at 0", "the log at 5000", "the states at 5000"]);
  });

  it("is asked by its states from the beginning, once that is known", async () => {
    expect(await aSilence(() => ["ready"])).toEqual({
      sight: { met: true, seen: "by the states" },
      looks: ["the states at 0"],
    });
  });

  it("is looked at on a beat, where no line says when it is worth it", async () => {
    const cluster = aCluster({ missing: () => ["ready"] });
    const startedMs = cluster.clock.nowMs();
    const look = () => Promise.resolve({ met: cluster.clock.nowMs() - startedMs > 1_200, seen: "" });
    const condition = { what: "it is so", wakesOn: () => false, look };
    await cluster.clock.drive(waitFor(await aRunState(cluster), condition, 10_000));
    expect(cluster.clock.nowMs() - startedMs).toBe(1_500);
    expect(cluster.clock.pending()).toBe(0);
  });
});

it("where the beat is what wakes it, looks that take their time and lines in between add no beats", async () => {
  const cluster = aCluster({ missing: () => ["ready"] });
  const startedMs = cluster.clock.nowMs();
  let looks = 0;
  const look = async () => {
    looks += 1;
    await new Promise<void>((resolve) => {
      cluster.clock.after(100, resolve);
    });
    return { met: false, seen: "" };
  };
  const condition = { what: "it is so", wakesOn: () => true, look };
  for (const afterMs of [150, 250, 350])
    cluster.clock.after(afterMs, () => cluster.print("orchestrator", "progress job_id=j-new"));
  await cluster.clock.drive(waitFor(await aRunState(cluster), condition, 6_000));
  expect(cluster.clock.nowMs() - startedMs).toBeLessThan(6_300);
  // One at once, three for the lines, one every 600 ms, and the last.
  expect(looks).toBeLessThanOrEqual(1 + 3 + 10 + 1);
  expect(cluster.clock.pending()).toBe(0);
});

/** A wait for something that each further look finds to be so, or not. */
async function aWait(at: {
  readonly sights: readonly ("met" | "not" | "fails")[];
  /** Happens in the middle of the nth look. */
  readonly during?: (look: number) => unknown;
  readonly lookTakesMs?: number;
}) {
  const controller = new AbortController();
  const cluster = aCluster();
  const state = await aRunState(cluster, { signal: controller.signal });
  const reason = new Error("interrupted by SIGINT");
  let listeners = 0;
  const counted: RunState = {
    ...state,
    onReading: (listener) => {
      const stop = state.onReading(listener);
      listeners += 1;
      return () => {
        listeners -= 1;
        stop();
      };
    },
  };
  let looks = 0;
  const look = async (): Promise<Sight> => {
    looks += 1;
    const [sight, seen] = [at.sights[looks - 1], `look ${looks}`];
    await new Promise<void>((resolve) => {
      if (at.lookTakesMs === undefined) resolve();
      else cluster.clock.after(at.lookTakesMs, resolve);
    });
    at.during?.(looks);
    if (sight === "fails") throw new Error("look failed");
    return { met: sight === "met", seen };
  };
  const condition = {
    what: "it is so",
    wakesOn: (reading: { readonly fields: Readonly<Record<string, string>> }) =>
      reading.fields["job_id"] === "j-new",
    look,
  };
  return {
    cluster,
    signal: controller.signal,
    reason,
    interrupt: () => controller.abort(reason),
    listeners: () => listeners,
    looks: () => looks,
    wait: () => waitFor(counted, condition, LIMIT_MS),
  };
}
