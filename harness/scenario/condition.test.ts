import { expect, it } from "vitest";
import { anExecution } from "../test-kit/a-view.ts";
import { all, type Condition, type Sight } from "./condition.ts";

it("several conditions are met together, and say what each has seen", async () => {
  const both = all([aCondition("a runs"), aCondition("b runs")]);
  expect(both.what).toBe("a runs, and b runs");
  expect(await both.look()).toEqual({ met: true, seen: "saw a runs; saw b runs", stuck: [] });
});

it("one that is not met is enough for all not to be, and what is stuck in each is stuck in all", async () => {
  const [one, two] = [anExecution({ id: "e-1" }), anExecution({ id: "e-2" })];
  const both = all([
    aCondition("a runs", { met: false, stuck: [one] }),
    aCondition("b runs"),
    aCondition("c runs", { met: false, stuck: [two] }),
  ]);
  expect(await both.look()).toMatchObject({ met: false, stuck: [one, two] });
});

it("several conditions wake on what any of them wakes on", () => {
  const [a, b] = [aCondition("a runs"), aCondition("b runs")];
  const reading = (text: string) => ({ text }) as Parameters<Condition["wakesOn"]>[0];
  expect(all([a, b]).wakesOn(reading("b runs"))).toBe(true);
  expect(all([a, b]).wakesOn(reading("c runs"))).toBe(false);
});

function aCondition(what: string, sight: Partial<Sight> = {}): Condition {
  return {
    what,
    wakesOn: ({ text }) => text === what,
    look: () => Promise.resolve({ met: true, seen: `saw ${what}`, ...sight }),
  };
}
