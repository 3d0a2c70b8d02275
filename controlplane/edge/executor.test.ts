import { describe, expect, it } from "vitest";
import { LONGEST_MESSAGE, type RunExecutionRequest } from "../protocol/messages.ts";
import { aHost } from "../test-kit/a-host.ts";
import { createCountingRandom } from "../test-kit/counting-random.ts";
import { createManualClock } from "../test-kit/manual-clock.ts";
import { createMemoryDisk, type MemoryDisk } from "../test-kit/memory-disk.ts";
import { ENDLESS_PIPELINE } from "../test-kit/model-builders.ts";
import { createRecordingLog } from "../test-kit/recording-log.ts";
import { openExecutionRecords } from "./execution-records.ts";
import { createExecutor } from "./executor.ts";

const prints = (text: string, generate: object = {}) => ({
  input: { generate: { interval: "1s", mapping: `root = "${text}"`, ...generate } },
  output: { stdout: { codec: "lines" } },
});
const FAILING = {
  input: { generate: { interval: "1s", mapping: "root.a = 1\nroot.a.b = 1" } },
  output: { drop: {} },
};

function run(id: string, pipeline: unknown = ENDLESS_PIPELINE): RunExecutionRequest {
  return {
    kind: "run_execution",
    execution_id: id,
    job_id: "j1",
    job_name: "job-one",
    job_version: 3,
    pipeline,
  };
}

const stop = (id: string, reason = "enough") =>
  ({ kind: "stop_execution", execution_id: id, reason }) as const;

/** One life of an edge's executor on a disk that may have been there before. */
function anExecutor(disk: MemoryDisk = createMemoryDisk(), clock = createManualClock()) {
  const log = createRecordingLog();
  const host = aHost();
  const reports: string[] = [];
  const records = openExecutionRecords(disk, log);
  const executor = createExecutor({
    clock: clock.forProcess(),
    random: createCountingRandom(),
    host,
    log,
    records,
    report: ({ execution_id: id, state, message }) => reports.push(`${id} ${state}: ${message}`),
  });
  const running = () => executor.running().map(({ execution_id: id }) => id);
  return { disk, clock, log, output: host.output, reports, records, executor, running };
}

/** The same, in its next life: whatever was only in memory is gone. */
function restarted({ disk, clock, executor }: ReturnType<typeof anExecutor>) {
  executor.stopAll();
  return anExecutor(disk, clock);
}

describe("a request", () => {
  it("is written down, started and reported", () => {
    const { executor, records, reports, output, clock, log } = anExecutor();
    executor.handle(run("e1", prints("hello")));
    expect(records.get("e1")).toEqual({
      execution_id: "e1",
      job: { id: "j1", name: "job-one", version: 3 },
      pipeline: prints("hello"),
      state: "running",
      message: "the pipeline runs",
    });
    expect(reports).toEqual(["e1 running: the pipeline runs"]);
    clock.advance(1_500);
    expect(output).toEqual(["hello", "hello"]);
    expect(log.lines[0]).toEqual({
      level: "info",
      message: "EDGE: Received RunExecutionRequest",
      fields: { execution_id: "e1", job: "job-one", job_id: "j1" },
    });
    expect(executor.running()).toEqual([
      { execution_id: "e1", job_id: "j1", job_name: "job-one", job_version: 3, state: "running" },
    ]);
  });

  it("that is repeated starts nothing twice, and is answered with what is known", () => {
    const { executor, reports, output, clock } = anExecutor();
    executor.handle(run("e1", prints("once")));
    executor.handle(run("e1", prints("twice")));
    clock.advance(0);
    expect(output).toEqual(["once"]);
    expect(reports).toEqual(["e1 running: the pipeline runs", "e1 running: the pipeline runs"]);
  });

  it("that is repeated after the end is answered with the end", () => {
    const { executor, reports, output, clock } = anExecutor();
    executor.handle(run("e1", prints("once", { count: 1 })));
    clock.advance(0);
    executor.handle(run("e1", prints("once", { count: 1 })));
    clock.advance(10_000);
    expect(output).toEqual(["once"]);
    expect(reports.slice(1)).toEqual([
      "e1 completed: the input has come to its end",
      "e1 completed: the input has come to its end",
    ]);
  });

  it("for a pipeline that this edge cannot run is reported as failed", () => {
    const { executor, reports, running } = anExecutor();
    executor.handle(run("e1", { input: { kafka: {} }, output: { drop: {} } }));
    expect(running()).toEqual([]);
    expect(reports).toEqual([expect.stringMatching(/^e1 failed: this edge cannot run the pipeline: .+/)]);
  });
});

it("says no more than a message can hold", () => {
  const { executor, reports } = anExecutor();
  executor.handle(run("e1"));
  executor.handle(stop("e1", "r".repeat(2 * LONGEST_MESSAGE)));
  expect(reports[1]).toBe(`e1 stopped: ${"r".repeat(LONGEST_MESSAGE)}`);
});

describe("the end of a pipeline", () => {
  it.each([
    ["completed", prints("x", { count: 2 }), "e1 completed: the input has come to its end"],
    ["failed", FAILING, expect.stringMatching(/^e1 failed: input\.generate\.mapping, line 2: /)],
  ])("is reported: %s", (state, pipeline, report) => {
    const { executor, reports, running, records, clock } = anExecutor();
    executor.handle(run("e1", pipeline));
    clock.advance(60_000);
    expect(reports).toEqual(["e1 running: the pipeline runs", report]);
    expect(running()).toEqual([]);
    expect(records.get("e1")?.state).toBe(state);
  });

  it("of one execution does not touch the others", () => {
    const { executor, running, clock } = anExecutor();
    executor.handle(run("e1", FAILING));
    executor.handle(run("e2"));
    clock.advance(60_000);
    expect(running()).toEqual(["e2"]);
  });
});

describe("a stop", () => {
  it("ends the pipeline, and is reported with its reason", () => {
    const { executor, reports, running, output, clock } = anExecutor();
    executor.handle(run("e1", prints("x")));
    clock.advance(0);
    executor.handle(stop("e1", "the job was stopped"));
    clock.advance(60_000);
    expect(running()).toEqual([]);
    expect(output).toEqual(["x"]);
    expect(reports).toEqual(["e1 running: the pipeline runs", "e1 stopped: the job was stopped"]);
  });

  it("of what has ended is answered with how it ended", () => {
    const { executor, reports, clock } = anExecutor();
    executor.handle(run("e1", prints("x", { count: 1 })));
    clock.advance(0);
    executor.handle(stop("e1"));
    expect(reports.at(-1)).toBe("e1 completed: the input has come to its end");
    expect(reports.length).toBe(3);
  });

  it("that is repeated is answered again", () => {
    const { executor, reports } = anExecutor();
    executor.handle(run("e1"));
    executor.handle(stop("e1"));
    executor.handle(stop("e1", "again"));
    expect(reports.slice(1)).toEqual(["e1 stopped: enough", "e1 stopped: enough"]);
  });

  it("of what was never seen is remembered: a late request does not start it", () => {
    const { executor, reports, output, running, clock } = anExecutor();
    executor.handle(stop("e1"));
    executor.handle(run("e1", prints("late")));
    clock.advance(60_000);
    expect([output, running()]).toEqual([[], []]);
    expect(reports).toEqual([
      "e1 stopped: stopped before it was seen",
      "e1 stopped: stopped before it was seen",
    ]);
  });

  it("of what was never seen is remembered over a restart", () => {
    const before = anExecutor();
    before.executor.handle(stop("e1"));
    const after = restarted(before);
    after.executor.resume();
    after.executor.handle(run("e1", prints("late")));
    after.clock.advance(60_000);
    expect([after.output, after.running()]).toEqual([[], []]);
  });
});

describe("after a restart", () => {
  it("what was running runs again, without a second report", () => {
    const before = anExecutor();
    before.executor.handle(run("e1", prints("x")));
    const after = restarted(before);
    expect(after.running()).toEqual([]);
    after.executor.resume();
    after.clock.advance(0);
    expect(after.running()).toEqual(["e1"]);
    expect([after.output, after.reports]).toEqual([["x"], []]);
    expect(after.log.told()).toEqual(["info EDGE: Resuming execution"]);
  });

  it("what was accepted, and no more when the edge crashed, is started and reported", () => {
    const disk = createMemoryDisk();
    openExecutionRecords(disk, createRecordingLog()).put({
      execution_id: "e1",
      job: { id: "j1", name: "job-one", version: 3 },
      pipeline: prints("x"),
      state: "accepted",
      message: "accepted",
    });
    const { executor, reports, running, records, output, clock } = anExecutor(disk);
    executor.resume();
    clock.advance(0);
    expect([running(), output, reports]).toEqual([["e1"], ["x"], ["e1 running: the pipeline runs"]]);
    expect(records.get("e1")?.state).toBe("running");
  });

  it("what had ended stays ended", () => {
    const before = anExecutor();
    before.executor.handle(run("e1", prints("x", { count: 1 })));
    before.executor.handle(run("e2", FAILING));
    before.executor.handle(run("e3"));
    before.executor.handle(stop("e3"));
    before.clock.advance(60_000);
    const after = restarted(before);
    after.executor.resume();
    after.clock.advance(60_000);
    expect([after.running(), after.output, after.reports]).toEqual([[], [], []]);
  });

  it("a resumed one still reports its end, and can be stopped", () => {
    const before = anExecutor();
    before.executor.handle(run("e1", prints("x", { count: 5 })));
    before.executor.handle(run("e2"));
    const after = restarted(before);
    after.executor.resume();
    after.executor.handle(stop("e2"));
    after.clock.advance(60_000);
    expect(after.reports).toEqual(["e2 stopped: enough", "e1 completed: the input has come to its end"]);
  });
});

it("stops all its pipelines when the edge ends, without a word: they are to be resumed", () => {
  const { executor, reports, output, running, records, clock } = anExecutor();
  executor.handle(run("e1", prints("x")));
  executor.stopAll();
  clock.advance(60_000);
  expect([output, running(), reports.length]).toEqual([[], [], 1]);
  expect(records.get("e1")?.state).toBe("running");
});
