import { expect, it } from "vitest";
import { aStore } from "../test-kit/a-store.ts";
import { createHousekeeping } from "./housekeeping/housekeeping.ts";
it("x", () => {
  const { store, clock, log } = aStore();
  const start = clock.nowMs();
  store.change((writer) => {
    writer.addEvaluation({ id: "v1", jobId: "j1", trigger: "job-create" });
    writer.setEvaluation("v1", { status: "complete" });
  });
  const h = createHousekeeping({ clock, store, log, checkTimeouts: () => {} }, { housekeepingMs: 30_000 });
  h.start();
  clock.advance(3_600_000);
  console.log(store.evaluations().length, log.lines.length, clock.nowMs()-start, clock.waiting());
  clock.advance(30_000);
  console.log(store.evaluations().length, log.lines.length, clock.nowMs()-start, clock.waiting());
  clock.advance(30_000);
  console.log(store.evaluations().length, log.lines.length, clock.nowMs()-start);
  expect(1).toBe(1);
});
