import { describe, expect, it } from "vitest";
import { someTime } from "../test-kit/some-time.ts";
import { EPOCH_MS } from "../time/virtual-time.ts";
import { createSimProcess } from "./process.ts";

describe("a process's clock", () => {
  it("tells whole milliseconds, as a system clock does", async () => {
    const { time, own } = aProcess();
    await time.pass(1.7);
    expect(own.clock.nowMs()).toBe(EPOCH_MS + 1);
  });

  it("wakes it later, unless that was cancelled", async () => {
    const { time, own, done } = aProcess();
    own.clock.after(2, () => done.push("later"));
    own.clock.after(1, () => done.push("sooner"));
    own.clock.after(1, () => done.push("never")).cancel();
    await time.pass(5);
    expect(done).toEqual(["sooner", "later"]);
  });
});

describe("a killed process", () => {
  it("does nothing that it had planned, and nothing that comes in", async () => {
    const { time, own, done } = aProcess();
    own.clock.after(1, () => done.push("planned"));
    own.kill();
    own.run(() => done.push("came in"));
    own.clock.after(1, () => done.push("planned afterwards")).cancel();
    own.clock.after(1, () => done.push("planned afterwards"));
    await time.pass(5);
    expect(done).toEqual([]);
    expect(own.isAlive()).toBe(false);
  });

  it("has its last will done, once", () => {
    const { own, done } = aProcess();
    own.onKill(() => done.push("connections closed"));
    own.kill();
    own.kill();
    expect(done).toEqual(["connections closed"]);
  });

  it("is dead already as its last will is done", () => {
    const { own, done } = aProcess();
    own.onKill(() => own.run(() => done.push("still working")));
    own.kill();
    expect(done).toEqual([]);
  });
});

describe("a frozen process", () => {
  it("does at its thaw what came meanwhile, at once and in order, and then goes on", async () => {
    const { time, own, done } = aProcess();
    const atMs = () => Math.round(time.sinceMs());
    own.clock.after(1, () => done.push(`before, at ${atMs()}`));
    own.clock.after(4, () => done.push(`a timer, at ${atMs()}`));
    own.clock.after(30, () => done.push(`a later timer, at ${atMs()}`));
    await time.pass(2);
    own.freeze();
    own.run(() => done.push(`a message, at ${atMs()}`));
    await time.pass(10);
    own.run(() => done.push(`another message, at ${atMs()}`));
    expect(done).toEqual(["before, at 1"]);
    own.thaw();
    expect(done.slice(1)).toEqual(["a message, at 12", "a timer, at 12", "another message, at 12"]);
    await time.pass(20);
    expect(done.slice(4)).toEqual(["a later timer, at 30"]);
  });

  it("can still cancel what was due, as the first thing that it does", async () => {
    const { time, own, done } = aProcess();
    own.freeze();
    own.run(() => timer.cancel());
    const timer = own.clock.after(1, () => done.push("cancelled"));
    await time.pass(5);
    own.thaw();
    expect(done).toEqual([]);
  });

  it("that is frozen again at its thaw keeps the rest for the next one", () => {
    const { own, done } = aProcess();
    own.freeze();
    own.run(() => done.push("first"));
    own.run(() => own.freeze());
    own.run(() => done.push("second"));
    own.thaw();
    expect(done).toEqual(["first"]);
    own.thaw();
    expect(done).toEqual(["first", "second"]);
  });

  it("that is killed does nothing of it, nor what comes after a kill at its thaw", () => {
    const { own, done } = aProcess();
    own.freeze();
    own.run(() => own.kill());
    own.run(() => done.push("after its end"));
    own.thaw();
    const other = aProcess();
    other.own.freeze();
    other.own.run(() => other.done.push("after its end"));
    other.own.kill();
    other.own.thaw();
    expect([...done, ...other.done]).toEqual([]);
  });
});

function aProcess() {
  const time = someTime();
  const done: string[] = [];
  return { time, own: createSimProcess(time), done };
}
