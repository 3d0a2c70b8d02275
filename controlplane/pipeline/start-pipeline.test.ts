import { describe, expect, it } from "vitest";
import { checkPipeline } from "./check-pipeline.ts";
import { startPipeline, type RunningPipeline } from "./start-pipeline.ts";

const START_MS = 1_770_091_506_000;

describe("a pipeline", () => {
  it("makes its messages at once and then at each interval, and finishes after the last", () => {
    const run = start({ count: 3, interval: "10s", mapping: 'root.n = count("n")\nroot.at = now()' });
    expect(run.record).toEqual([]);
    run.advance(60_000);
    expect(run.record).toEqual([
      '0 line {"n":1,"at":"2026-02-03T04:05:06.000Z"}',
      '10000 line {"n":2,"at":"2026-02-03T04:05:16.000Z"}',
      '20000 line {"n":3,"at":"2026-02-03T04:05:26.000Z"}',
      "20000 finished",
    ]);
  });

  it("goes through its processors in order, with one set of counters", () => {
    const run = start(
      { count: 1, mapping: 'root.a = count("n")' },
      {
        pipeline: {
          processors: [
            { mapping: 'root = this\nroot.b = count("n")' },
            { mapping: "root.sum = [this.a, this.b]" },
          ],
        },
      },
    );
    run.advance(0);
    expect(run.record).toEqual(['0 line {"sum":[1,2]}', "0 finished"]);
  });

  it("writes a text without quotes, line by line", () => {
    const run = start({ count: 1, mapping: 'root = "two\\nlines"' });
    run.advance(0);
    expect(run.record).toEqual(["0 line two", "0 line lines", "0 finished"]);
  });

  it("writes nothing when it drops", () => {
    const run = start({ count: 2, mapping: "root = 1" }, { output: { drop: {} } });
    run.advance(1_000);
    expect(run.record).toEqual(["1000 finished"]);
  });

  it("counts afresh each time it is started", () => {
    const generate = { count: 1, mapping: 'root = count("n")' };
    for (const run of [start(generate), start(generate)]) {
      run.advance(0);
      expect(run.record).toEqual(["0 line 1", "0 finished"]);
    }
  });
});

describe("its timing", () => {
  it("does not drift when every timer is late", () => {
    const run = start({ count: 4, interval: "1s", mapping: "root = 1" }, {}, { lateMs: 30 });
    run.advance(10_000);
    expect(run.record).toEqual(["30 line 1", "1030 line 1", "2030 line 1", "3030 line 1", "3030 finished"]);
  });

  it("leaves out what a pause made impossible, and keeps its beat", () => {
    const run = start({ interval: "1s", mapping: "root = 1" });
    run.advance(1_000);
    run.jump(3_500);
    run.advance(1_500);
    expect(run.record).toEqual(["0 line 1", "1000 line 1", "4500 line 1", "5000 line 1", "6000 line 1"]);
  });

  it("goes on when the clock is set back", () => {
    const run = start({ interval: "1s", mapping: "root = 1" });
    run.advance(0);
    run.jump(-3_600_000, { timersToo: true });
    run.advance(2_500);
    expect(run.record).toEqual(["0 line 1", "-3599000 line 1", "-3598000 line 1"]);
  });

  it("lets time pass even without interval: 100 messages a millisecond", () => {
    const run = start({ interval: "", mapping: "root = 1" });
    run.advance(2);
    expect(run.record.length).toBe(300);
    expect(run.record.filter((line) => line === "1 line 1").length).toBe(100);
  });
});

describe("a mapping error", () => {
  it("ends the pipeline and names the mapping, the line and the reason", () => {
    const run = start(
      { mapping: 'root = "plain"' },
      { pipeline: { processors: [{ mapping: "root = 1" }, { mapping: "\nroot.a = 1\nroot.a.b = 1" }] } },
    );
    run.advance(5_000);
    expect(run.record).toEqual([
      "0 failed pipeline.processors[1].mapping, line 3: root.a is a number, so nothing can be assigned to its b",
    ]);
  });

  it("in the input is told as the input's", () => {
    const run = start({ mapping: "root = this" });
    run.advance(0);
    expect(run.record).toEqual([
      "0 failed input.generate.mapping, line 1: this cannot be read in an input: there is no message yet",
    ]);
  });
});

it("fails when its output does", () => {
  const run = start(
    { mapping: "root = 1" },
    {},
    {
      onLine: () => {
        throw new Error("EPIPE");
      },
    },
  );
  run.advance(5_000);
  expect(run.record).toEqual(["0 line 1", "0 failed EPIPE"]);
});

describe("stop", () => {
  it("before the first message means none is written", () => {
    const run = start({ mapping: "root = 1" });
    run.pipeline.stop();
    run.advance(5_000);
    expect(run.record).toEqual([]);
  });

  it("ends it for good, and may be repeated, also after the end", () => {
    const run = start({ count: 3, mapping: "root = 1" });
    run.advance(1_500);
    run.pipeline.stop();
    run.pipeline.stop();
    run.advance(5_000);
    run.pipeline.stop();
    expect(run.record).toEqual(["0 line 1", "1000 line 1"]);
  });

  it("holds when it comes from within the output", () => {
    const run = start({ count: 1, mapping: "root = 1" }, {}, { onLine: () => run.pipeline.stop() });
    run.advance(5_000);
    expect(run.record).toEqual(["0 line 1"]);
  });
});

interface Run {
  readonly pipeline: RunningPipeline;
  /** `<ms since start> <what happened>` */
  readonly record: readonly string[];
  /** Runs what is due within the next `durationMs`. */
  advance(durationMs: number): void;
  /** Moves the clock while nothing runs, as a pause of the process does; or with all timers, as an operator does. */
  jump(byMs: number, options?: { timersToo: boolean }): void;
}

function start(
  generate: object,
  config: object = {},
  { lateMs = 0, onLine = () => {} }: { lateMs?: number; onLine?: () => void } = {},
): Run {
  const check = checkPipeline({ input: { generate }, output: { stdout: {} }, ...config });
  if (!check.ok) throw new Error(JSON.stringify(check.problems));

  const record: string[] = [];
  const note = (what: string) => record.push(`${nowMs - START_MS} ${what}`);
  let nowMs = START_MS;
  let waiting: { dueMs: number; task: () => void }[] = [];

  const pipeline = startPipeline(
    {
      clock: {
        nowMs: () => nowMs,
        after(delayMs, task) {
          const entry = { dueMs: nowMs + delayMs + lateMs, task };
          waiting.push(entry);
          return { cancel: () => void (waiting = waiting.filter((other) => other !== entry)) };
        },
      },
      random: { uuid: () => "u", fraction: () => 0 },
      host: {
        hostname: "h",
        os: "linux",
        arch: "x64",
        env: () => undefined,
        writeLine(line) {
          note(`line ${line}`);
          onLine();
        },
      },
    },
    check.pipeline,
    { finished: () => note("finished"), failed: (message) => note(`failed ${message}`) },
  );

  return {
    pipeline,
    record,
    advance(durationMs) {
      const untilMs = nowMs + durationMs;
      for (;;) {
        const next = waiting.toSorted((a, b) => a.dueMs - b.dueMs)[0];
        if (next === undefined || next.dueMs > untilMs) break;
        waiting = waiting.filter((other) => other !== next);
        nowMs = Math.max(nowMs, next.dueMs);
        next.task();
      }
      nowMs = untilMs;
    },
    jump(byMs, options) {
      nowMs += byMs;
      if (options?.timersToo) for (const entry of waiting) entry.dueMs += byMs;
    },
  };
}
