import { expect, it } from "vitest";
import { aStore, putNode } from "../../test-kit/a-store.ts";
import { createHousekeeping } from "./housekeeping.ts";

const HOUR_MS = 3_600_000;

function aHousekeeping() {
  const { store, clock, log, database } = aStore();
  const start = clock.nowMs();
  const checks: number[] = [];
  const housekeeping = createHousekeeping(
    { clock, store, log, checkTimeouts: () => checks.push(clock.nowMs() - start) },
    { housekeepingMs: 30_000 },
  );
  return { store, clock, database, housekeeping, checks };
}

it("checks the nodes' timeouts each time, the first time after one interval", () => {
  const { housekeeping, clock, checks } = aHousekeeping();
  housekeeping.start();
  clock.advance(29_999);
  expect(checks).toEqual([]);
  clock.advance(70_000);
  expect(checks).toEqual([30_000, 60_000, 90_000]);
});

it("ends with a stop", () => {
  const { housekeeping, clock, checks } = aHousekeeping();
  housekeeping.start();
  clock.advance(30_000);
  housekeeping.stop();
  clock.advance(HOUR_MS);
  expect(checks).toEqual([30_000]);
});

it("drops evaluations an hour after their end, and events after a day, looking once a minute", () => {
  const { housekeeping, clock, store, database } = aHousekeeping();
  putNode(store, "n1");
  store.change((writer) => {
    writer.addEvaluation({ id: "v1", jobId: "j1", trigger: "job-create" });
    writer.setEvaluation("v1", { status: "complete" });
    writer.saveCheckpoint("w", 99);
  });
  const kept = () => [
    store.evaluations().length,
    Number(database.get("SELECT count(*) AS n FROM events")?.["n"]),
  ];
  housekeeping.start();
  clock.advance(HOUR_MS + 30_000);
  expect(kept()).toEqual([1, 3]);
  clock.advance(30_000);
  expect(kept()).toEqual([0, 3]);
  clock.advance(23 * HOUR_MS - 30_000);
  expect(kept()).toEqual([0, 3]);
  clock.advance(30_000);
  // The newest event stays for ever, so that its number is not given out again.
  expect(kept()).toEqual([0, 1]);
});
