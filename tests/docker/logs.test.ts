import { describe, expect, it } from "vitest";
import { aRunId, dockerOrSkip, fixtureEngine } from "./engine.ts";
import { linesOf } from "./lines.ts";

const KEY = "fixture-logs";
const ROUNDS = 5;
const found = await dockerOrSkip();
const ready = found && (await fixtureEngine(found, KEY));

describe.skipIf(ready === undefined)("the log of a machine in Docker", () => {
  it("loses not one line of a loud program over a kill", async () => {
    const machines = [
      { name: "m1", image: KEY, args: ["count"], env: {}, data: { path: "/data", identity: [] } },
    ];
    for (let round = 0; round < ROUNDS; round++) {
      await using stack = await ready!.engine.openStack({ runId: aRunId(), machines });
      const lines = linesOf(stack);
      const machine = stack.machine("m1");
      await machine.start();
      await lines.next("m1", /^20000 /);
      expect(await machine.kill()).toMatchObject({ bit: true });
      const told = lines.of("m1");

      // Its successor reads from the disk how far it had surely got; what it says after that line is of no interest.
      await machine.recreate({ identity: "kept" });
      const surely = Number((await lines.next("m1", /^surely printed \d+$/)).split(" ").at(-1));
      await machine.kill();

      const numbers = told.slice(1).map((text) => parseInt(text, 10));
      expect(numbers.findIndex((number, at) => number !== at)).toBe(-1);
      expect(numbers.length).toBeGreaterThan(surely);
      expect(surely).toBeGreaterThanOrEqual(20_000);
    }
    expect(ready!.warnings).toEqual([]);
  });

  it("has the first line of a program that is over at once", async () => {
    const machines = [{ name: "m1", image: KEY, args: ["crash"], env: {} }];
    await using stack = await ready!.engine.openStack({ runId: aRunId(), machines });
    const lines = linesOf(stack);
    await stack.machine("m1").start();
    expect(await lines.next("m1", /./)).toBe("up m1 crash");
  });

  it("is in order, and every line has a time that does not go back", async () => {
    const machines = [{ name: "m1", image: KEY, args: ["wait"], env: {} }];
    await using stack = await ready!.engine.openStack({ runId: aRunId(), machines });
    const times: number[] = [];
    stack.onLine(({ atMs }) => times.push(atMs));
    const fromMs = ready!.engine.clock.nowMs();
    const lines = linesOf(stack);
    await stack.machine("m1").start();
    await lines.next("m1", /^up/);
    await stack.machine("m1").stop({ graceMs: 5_000 });
    times.push(ready!.engine.clock.nowMs());
    expect(times).toHaveLength(3);
    expect([fromMs, ...times].toSorted((a, b) => a - b)).toEqual([fromMs, ...times]);
  });
});
