import { expect, it } from "vitest";
import { anExecution } from "../test-kit/a-view.ts";
import type { LogReading } from "../logs/pattern.ts";
import { all, type Condition, type Sight } from "./condition.ts";

const READING = { machine: "orchestrator" } as LogReading;

it("several conditions at once are met when each is", async () => {
  expect(await all(aCondition(), aCondition()).look()).toMatchObject({ met: true, seen: "so; so" });
  expect(await all(aCondition(), aCondition({ met: false, seen: "not so" })).look()).toMatchObject({
    met: false,
    seen: "so; not so",
  });
});

it("are worth looking at when one of them is", () => {
  const [awake, asleep] = [aCondition({}, { wakesOn: () => true }), aCondition()];
  expect(all(asleep, awake).wakesOn(READING)).toBe(true);
  expect(all(asleep, asleep).wakesOn(READING)).toBe(false);
});

it("are stuck on all that any of them is stuck on, and as patient as the most patient", async () => {
  const [one, two] = [anExecution({ id: "e-1" }), anExecution({ id: "e-2" })];
  const both = all(
    aCondition({ met: false, stuck: [one] }, { patienceMs: 5 }),
    aCondition({ met: false, stuck: [two] }, { patienceMs: 7 }),
  );
  expect((await both.look()).stuck).toEqual([one, two]);
  expect(both.patienceMs).toBe(7);
});

it("are about a job if they are about one", () => {
  const about = (jobId: string) => aCondition({}, { jobId });
  expect(all(about("j-1"), about("j-1"), aCondition()).jobId).toBe("j-1");
  expect(all(about("j-1"), about("j-2")).jobId).toBeUndefined();
  expect(all(aCondition()).jobId).toBeUndefined();
});

function aCondition(sight: Partial<Sight> = {}, at: Partial<Condition> = {}): Condition {
  return {
    what: "it is so",
    wakesOn: () => false,
    look: () => Promise.resolve({ met: true, seen: "so", ...sight }),
    ...at,
  };
}
