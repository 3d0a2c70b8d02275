import { describe, expect, it } from "vitest";
import type { LoggedEvent } from "../../model/event.ts";
import { aStore, type TestStore } from "../../test-kit/a-store.ts";
import type { WatcherOptions } from "../contracts.ts";
import { createWatcher } from "./watcher.ts";

/** `job-stopped` of the jobs with these ids: an event that says nothing but its number. */
function log({ store }: TestStore, ...jobIds: string[]): void {
  for (const jobId of jobIds) store.change((writer) => writer.logEvent({ kind: "job-stopped", jobId }));
}

const jobOf = (event: LoggedEvent): string => ("jobId" in event ? event.jobId : event.kind);

/** A watcher that notes what it handles; `fails` says which tries fail, by `job#try`. */
function aWatcher(world: TestStore, options: Partial<WatcherOptions> = {}, fails: readonly string[] = []) {
  const handled: string[] = [];
  const tries = new Map<string, number>();
  const watcher = createWatcher(world, {
    name: "w",
    startAt: "beginning",
    checkpoint: "none",
    onFailure: "skip",
    filter: () => true,
    handle: (event) => {
      const job = jobOf(event);
      tries.set(job, (tries.get(job) ?? 0) + 1);
      if (fails.includes(`${job}#${tries.get(job)}`) || fails.includes(`${job}#*`)) throw new Error("no");
      handled.push(job);
    },
    ...options,
  });
  return { watcher, handled };
}

describe("a watcher", () => {
  it("hands on events in order, the old ones first, and never before its caller is done", () => {
    const world = aStore();
    log(world, "a", "b");
    const { watcher, handled } = aWatcher(world);
    watcher.start();
    log(world, "c");
    expect(handled).toEqual([]);
    world.clock.advance(0);
    expect(handled).toEqual(["a", "b", "c"]);
    log(world, "d");
    world.clock.advance(0);
    expect(handled).toEqual(["a", "b", "c", "d"]);
  });

  it("deals with one event at a time: what its handling logs comes after the rest", () => {
    const world = aStore();
    const order: string[] = [];
    const { watcher } = aWatcher(world, {
      handle: (event) => {
        const job = jobOf(event);
        order.push(`${job} begins`);
        if (job === "a") log(world, "follows-a");
        order.push(`${job} ends`);
      },
    });
    watcher.start();
    log(world, "a", "b");
    world.clock.advance(0);
    expect(order).toEqual(["a begins", "a ends", "b begins", "b ends", "follows-a begins", "follows-a ends"]);
  });

  it("passes over what its filter does not want", () => {
    const world = aStore();
    const { watcher, handled } = aWatcher(world, { filter: (event) => jobOf(event) !== "b" });
    watcher.start();
    log(world, "a", "b", "c");
    world.clock.advance(0);
    expect(handled).toEqual(["a", "c"]);
  });

  it("reads on through a long log", () => {
    const world = aStore();
    const jobs = Array.from({ length: 1_000 }, (_, index) => `j${index}`);
    log(world, ...jobs);
    const { watcher, handled } = aWatcher(world);
    watcher.start();
    world.clock.advance(0);
    expect(handled).toEqual(jobs);
  });

  it("hears nothing any more once it is stopped", () => {
    const world = aStore();
    const { watcher, handled } = aWatcher(world);
    watcher.start();
    log(world, "a");
    watcher.stop();
    log(world, "b");
    world.clock.advance(10_000);
    expect(handled).toEqual([]);
  });

  it("stops in the middle of what it reads", () => {
    const world = aStore();
    const handled: string[] = [];
    const { watcher } = aWatcher(world, {
      handle: (event) => {
        handled.push(jobOf(event));
        watcher.stop();
      },
    });
    watcher.start();
    log(world, "a", "b");
    world.clock.advance(0);
    expect(handled).toEqual(["a"]);
  });
});

describe("where it starts", () => {
  it("latest: what was logged before the start is never seen", () => {
    const world = aStore();
    log(world, "before");
    const { watcher, handled } = aWatcher(world, { startAt: "latest" });
    log(world, "just before");
    watcher.start();
    log(world, "after");
    world.clock.advance(0);
    expect(handled).toEqual(["after"]);
  });

  it("beginning: all of it", () => {
    const world = aStore();
    log(world, "a");
    const first = aWatcher(world);
    first.watcher.start();
    world.clock.advance(0);
    first.watcher.stop();
    const second = aWatcher(world);
    second.watcher.start();
    log(world, "b");
    world.clock.advance(0);
    expect(second.handled).toEqual(["a", "b"]);
  });

  it("checkpoint: behind what was dealt with", () => {
    const world = aStore();
    log(world, "a", "b", "c");
    world.store.change((writer) => writer.saveCheckpoint("w", 2));
    const { watcher, handled } = aWatcher(world, { startAt: "checkpoint", checkpoint: "each" });
    watcher.start();
    world.clock.advance(0);
    expect(handled).toEqual(["c"]);
  });

  it("checkpoint, for the first time ever: latest", () => {
    const world = aStore();
    log(world, "a");
    const { watcher, handled } = aWatcher(world, { startAt: "checkpoint", checkpoint: "each" });
    watcher.start();
    log(world, "b");
    world.clock.advance(0);
    expect(handled).toEqual(["b"]);
  });

  it("checkpoint, after a crash before there was one: still where it first started", () => {
    const world = aStore();
    const options = { startAt: "checkpoint", checkpoint: "manual" } as const;
    const first = aWatcher(world, options);
    first.watcher.start();
    log(world, "a");
    first.watcher.stop();
    const second = aWatcher(world, options);
    second.watcher.start();
    world.clock.advance(0);
    expect(second.handled).toEqual(["a"]);
  });
});

describe("what it remembers", () => {
  it("none: it is ephemeral, and a later one misses what came in between", () => {
    const world = aStore();
    const first = aWatcher(world, { startAt: "latest" });
    first.watcher.start();
    log(world, "a");
    world.clock.advance(0);
    first.watcher.stop();
    log(world, "b");
    const second = aWatcher(world, { startAt: "latest" });
    second.watcher.start();
    world.clock.advance(0);
    expect([first.handled, second.handled, world.store.checkpoint("w")]).toEqual([["a"], [], undefined]);
  });

  it("each: a later one goes on where it left off", () => {
    const world = aStore();
    const options = { startAt: "checkpoint", checkpoint: "each" } as const;
    const first = aWatcher(world, options);
    first.watcher.start();
    log(world, "a", "b");
    world.clock.advance(0);
    expect(world.store.checkpoint("w")).toBe(2);
    first.watcher.stop();
    log(world, "c");
    const second = aWatcher(world, options);
    second.watcher.start();
    world.clock.advance(0);
    expect(second.handled).toEqual(["c"]);
  });

  it("each: not the event that it is blocked at", () => {
    const world = aStore();
    const options = { startAt: "checkpoint", checkpoint: "each", onFailure: "block" } as const;
    const first = aWatcher(world, options, ["b#*"]);
    first.watcher.start();
    log(world, "a");
    world.clock.advance(0);
    log(world, "b", "c");
    world.clock.advance(5_000);
    first.watcher.stop();
    const second = aWatcher(world, options);
    second.watcher.start();
    world.clock.advance(0);
    expect([first.handled, second.handled]).toEqual([["a"], ["b", "c"]]);
  });

  it("manual: what it was told is done, so that the rest comes again", () => {
    const world = aStore();
    const options = { startAt: "checkpoint", checkpoint: "manual" } as const;
    const first = aWatcher(world, options);
    first.watcher.start();
    log(world, "a", "b", "c");
    world.clock.advance(0);
    first.watcher.done(1);
    expect(world.store.checkpoint("w")).toBe(1);
    first.watcher.stop();
    const second = aWatcher(world, options);
    second.watcher.start();
    world.clock.advance(0);
    expect([first.handled, second.handled]).toEqual([
      ["a", "b", "c"],
      ["b", "c"],
    ]);
  });

  it("manual: a log with nothing for it is not kept for its sake", () => {
    const world = aStore();
    const { watcher } = aWatcher(world, {
      startAt: "checkpoint",
      checkpoint: "manual",
      filter: (event) => jobOf(event) === "wanted",
    });
    const passBy = (events: number) => {
      log(world, ...Array.from({ length: events }, (_, index) => `j${index}`));
      world.clock.advance(0);
    };
    watcher.start();
    // Not each time, though: a checkpoint costs a write.
    passBy(255);
    expect(world.store.checkpoint("w")).toBe(0);
    passBy(1);
    expect(world.store.checkpoint("w")).toBe(256);
    // What it has yet to deal with is kept, and all behind it.
    log(world, "wanted");
    passBy(600);
    expect(world.store.checkpoint("w")).toBe(256);
    watcher.done(257);
    expect(world.store.checkpoint("w")).toBe(857);
  });
});

describe("a failure", () => {
  it("skip: the event is gone, and the next one follows", () => {
    const world = aStore();
    const { watcher, handled } = aWatcher(world, { onFailure: "skip" }, ["b#1"]);
    watcher.start();
    log(world, "a", "b", "c");
    world.clock.advance(60_000);
    expect(handled).toEqual(["a", "c"]);
    expect(watcher.blockedAt()).toBeUndefined();
    expect(world.log.lines).toEqual([
      {
        level: "debug",
        message: "WATCHER: Event failed and is skipped",
        fields: { watcher: "w", event: "job-stopped", seq: 2, error: "no" },
      },
    ]);
  });

  it("block: the same event again, 200 ms later, then doubling to 1 s, and all behind it waits", () => {
    const world = aStore();
    const start = world.clock.nowMs();
    const tries: string[] = [];
    const { watcher } = aWatcher(world, {
      onFailure: "block",
      handle: (event) => {
        tries.push(`${world.clock.nowMs() - start} ${jobOf(event)}`);
        if (jobOf(event) === "b") throw new Error("no");
      },
    });
    watcher.start();
    log(world, "a", "b", "c");
    world.clock.advance(5_000);
    expect(tries).toEqual(["0 a", "0 b", "200 b", "600 b", "1400 b", "2400 b", "3400 b", "4400 b"]);
    expect(watcher.blockedAt()).toMatchObject({ seq: 2, jobId: "b" });
    expect(world.log.lines[2]).toEqual({
      level: "warn",
      message: "WATCHER: Event failed, everything behind it waits",
      fields: { watcher: "w", event: "job-stopped", seq: 2, retry_in_ms: 800, error: "no" },
    });
  });

  it("block: once it succeeds, the rest follows at once, and the next failure starts afresh", () => {
    const world = aStore();
    const { watcher, handled } = aWatcher(world, { onFailure: "block" }, ["b#1", "b#2", "b#3", "d#1"]);
    watcher.start();
    log(world, "a", "b", "c", "d", "e");
    world.clock.advance(1_399);
    expect(handled).toEqual(["a"]);
    world.clock.advance(1);
    expect(handled).toEqual(["a", "b", "c"]);
    expect(watcher.blockedAt()).toMatchObject({ jobId: "d" });
    world.clock.advance(199);
    expect(handled).toEqual(["a", "b", "c"]);
    world.clock.advance(1);
    expect(handled).toEqual(["a", "b", "c", "d", "e"]);
    expect(watcher.blockedAt()).toBeUndefined();
  });

  it("block: a commit in the meantime does not make it try earlier", () => {
    const world = aStore();
    let tries = 0;
    const { watcher } = aWatcher(world, {
      onFailure: "block",
      handle: () => {
        tries += 1;
        throw new Error("no");
      },
    });
    watcher.start();
    log(world, "a");
    world.clock.advance(100);
    log(world, "b", "c");
    world.clock.advance(99);
    expect(tries).toBe(1);
    world.clock.advance(1);
    expect(tries).toBe(2);
  });

  it("block: none after a stop", () => {
    const world = aStore();
    const { watcher, handled } = aWatcher(world, { onFailure: "block" }, ["a#1"]);
    watcher.start();
    log(world, "a");
    world.clock.advance(0);
    watcher.stop();
    world.clock.advance(60_000);
    expect(handled).toEqual([]);
  });
});
