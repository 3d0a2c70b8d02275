import { expect, it } from "vitest";
import { aStore } from "../test-kit/a-store.ts";
it("x", () => {
  const { store, clock, database } = aStore();
  store.change((writer) => {
    writer.addEvaluation({ id: "v1", jobId: "j1", trigger: "job-create" });
    writer.setEvaluation("v1", { status: "complete" });
  });
  console.log(database.all("select id, state, updated_at_ms, typeof(updated_at_ms) as t from evaluations"));
  clock.advance(3_630_000);
  console.log(database.all("select id from evaluations where state IN ('complete', 'failed', 'canceled') AND updated_at_ms < ?", clock.nowMs()-3_600_000));
  store.change((w) => w.collectGarbage({evaluationsMs: clock.nowMs()-3_600_000, eventsMs: 0}));
  console.log(store.evaluations().length);
  expect(1).toBe(1);
});
