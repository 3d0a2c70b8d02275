import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkPipeline } from "./check-pipeline.ts";
import type { PipelineProblem } from "./problem.ts";

const INTERVAL =
  'expected a duration such as "250ms", "1.5s", "5m" or "1h5m", or "" for as fast as possible, saw ';

describe("a pipeline of the subset", () => {
  it("is accepted as seed 000 writes it", () => {
    const check = checkPipeline({
      input: {
        generate: {
          count: 0,
          interval: "30s",
          mapping: 'root.message = "heartbeat"\nroot.timestamp = now()\nroot.hostname = env("HOSTNAME")\n',
        },
      },
      pipeline: { processors: [{ mapping: "root = this\n" }] },
      output: { stdout: { codec: "lines" } },
    });
    expect(check).toMatchObject({
      ok: true,
      pipeline: {
        generate: { count: 0, intervalMs: 30_000, mapping: { statements: [{}, {}, {}] } },
        processors: [{ statements: [{ path: [] }] }],
        output: { kind: "stdout" },
      },
    });
  });

  it("may leave out all that has a default", () => {
    const check = checkPipeline({ input: { generate: { mapping: "root = 1" } }, output: { drop: {} } });
    expect(check).toMatchObject({
      ok: true,
      pipeline: { generate: { count: 0, intervalMs: 1_000 }, processors: [], output: { kind: "drop" } },
    });
  });

  it.each([{}, { processors: [] }])("may have no processors: %j", (pipeline) => {
    expect(checkPipeline(aConfig({ pipeline }))).toMatchObject({ ok: true, pipeline: { processors: [] } });
  });

  it.each(["", "0s"])("may generate as fast as possible: interval %j", (interval) => {
    const check = checkPipeline(aConfig({ input: { generate: { mapping: "root = 1", interval } } }));
    expect(check).toMatchObject({ ok: true, pipeline: { generate: { intervalMs: 0 } } });
  });
});

describe("anything else is refused", () => {
  it.each([
    [null, "nothing (null)"],
    [undefined, "nothing"],
    ["root = this", 'the text "root = this"'],
    [[], "a list"],
    [3, "the number 3"],
  ])("a config that is no object: %j", (config, saw) => {
    const message = `expected an object, saw ${saw}; supported: input, pipeline, output`;
    expect(problemsOf(config)).toEqual([{ path: [], message }]);
  });

  it("a config without input and output", () => {
    expect(problemsOf({})).toEqual([
      { path: ["input"], message: '"input" is missing; supported: input, pipeline, output' },
      { path: ["output"], message: '"output" is missing; supported: input, pipeline, output' },
    ]);
  });

  it.each<[string, object, PipelineProblem]>([
    [
      "an unknown key at the top",
      aConfig({ buffer: {} }),
      { path: ["buffer"], message: 'unknown key "buffer"; supported: input, pipeline, output' },
    ],
    [
      "a misspelt key",
      aConfig({ input: { generate: { mapping: "root = 1", counts: 1 } } }),
      {
        path: ["input", "generate", "counts"],
        message: 'unknown key "counts"; supported: count, interval, mapping (did you mean count?)',
      },
    ],
    [
      "an unknown key of the pipeline",
      aConfig({ pipeline: { threads: 4 } }),
      { path: ["pipeline", "threads"], message: 'unknown key "threads"; supported: processors' },
    ],
    [
      "an unknown key of stdout",
      aConfig({ output: { stdout: { delim: "x" } } }),
      { path: ["output", "stdout", "delim"], message: 'unknown key "delim"; supported: codec' },
    ],
    [
      "an unknown key of drop",
      aConfig({ output: { drop: { now: true } } }),
      { path: ["output", "drop", "now"], message: 'unknown key "now"; supported: no keys, {}' },
    ],
    [
      "an unknown input",
      aConfig({ input: { kafka: { addresses: [] } } }),
      { path: ["input", "kafka"], message: 'input "kafka" is not supported; supported: generate' },
    ],
    [
      "something beside the input",
      aConfig({ input: { generate: { mapping: "root = 1" }, label: "x" } }),
      { path: ["input", "label"], message: 'input "label" is not supported; supported: generate' },
    ],
    [
      "a misspelt output",
      aConfig({ output: { Stdout: {} } }),
      {
        path: ["output", "Stdout"],
        message: 'output "Stdout" is not supported; supported: stdout, drop (did you mean stdout?)',
      },
    ],
    [
      "two outputs",
      aConfig({ output: { stdout: {}, drop: {} } }),
      { path: ["output"], message: "expected one output, saw 2: stdout, drop; supported: stdout, drop" },
    ],
    [
      "no output",
      aConfig({ output: {} }),
      { path: ["output"], message: "expected one output, saw an empty object; supported: stdout, drop" },
    ],
    [
      "an output that is a text",
      aConfig({ output: "stdout" }),
      { path: ["output"], message: 'expected one output, saw the text "stdout"; supported: stdout, drop' },
    ],
    [
      "an output without settings, as `stdout:` in YAML",
      aConfig({ output: { stdout: null } }),
      {
        path: ["output", "stdout"],
        message: "expected an object, saw nothing (null); supported: codec",
      },
    ],
    [
      "another codec",
      aConfig({ output: { stdout: { codec: "tar" } } }),
      {
        path: ["output", "stdout", "codec"],
        message: 'expected the codec "lines", saw the text "tar"',
      },
    ],
    [
      "processors that are no list",
      aConfig({ pipeline: { processors: { mapping: "root = this" } } }),
      {
        path: ["pipeline", "processors"],
        message: "expected a list of processors, saw an object; supported: mapping",
      },
    ],
    [
      "an unknown processor",
      aConfig({ pipeline: { processors: [{ mapping: "root = this" }, { sleep: {} }] } }),
      {
        path: ["pipeline", "processors", 1, "sleep"],
        message: 'processor "sleep" is not supported; supported: mapping',
      },
    ],
    [
      "a mapping that is no text",
      aConfig({ pipeline: { processors: [{ mapping: { root: "this" } }] } }),
      {
        path: ["pipeline", "processors", 0, "mapping"],
        message: 'expected a mapping as text, such as "root = this", saw an object',
      },
    ],
    [
      "an input without mapping",
      aConfig({ input: { generate: {} } }),
      {
        path: ["input", "generate", "mapping"],
        message: '"mapping" is missing; supported: count, interval, mapping',
      },
    ],
    [
      "a mapping with a mistake, with line and column",
      aConfig({ pipeline: { processors: [{ mapping: "root = this\nroot.at = nwo()" }] } }),
      {
        path: ["pipeline", "processors", 0, "mapping"],
        at: { line: 2, column: 11 },
        message:
          'unknown function nwo; supported: now(), env("NAME"), hostname(), uuid_v4(), count("name") ' +
          "(did you mean now?)",
      },
    ],
  ])("%s", (_, config, problem) => {
    expect(problemsOf(config)).toEqual([problem]);
  });

  it.each([
    ["5", 'the text "5"'],
    [1.5, "the number 1.5"],
    [-1, "the number -1"],
    [Number.NaN, "the number NaN"],
    [true, "true"],
    [null, "nothing (null)"],
  ])("a count of %j", (count, saw) => {
    const config = aConfig({ input: { generate: { mapping: "root = 1", count } } });
    const message = `expected a whole number, 0 or more (0 = endless), saw ${saw}`;
    expect(problemsOf(config)).toEqual([{ path: ["input", "generate", "count"], message }]);
  });

  it.each([
    [30, 'the number 30 (did you mean "30s"?)'],
    ["30", 'the text "30" (did you mean "30s"?)'],
    ["@every 5m", 'the text "@every 5m"'],
    ["-1s", 'the text "-1s"'],
    [null, "nothing (null)"],
  ])("an interval of %j", (interval, saw) => {
    const config = aConfig({ input: { generate: { mapping: "root = 1", interval } } });
    const message = `${INTERVAL}${saw}`;
    expect(problemsOf(config)).toEqual([{ path: ["input", "generate", "interval"], message }]);
  });
});

it("reports every problem at once, of each mapping the first", () => {
  const problems = problemsOf({
    input: { generate: { count: "1", interval: 1, mapping: "root = x\nroot = y" } },
    pipeline: { processors: [{ mapping: "x" }, { split: {} }, 5], extra: 1 },
    output: { file: {} },
    metrics: {},
  });
  expect(problems.map(({ path }) => path.join("."))).toEqual([
    "metrics",
    "input.generate.count",
    "input.generate.interval",
    "input.generate.mapping",
    "pipeline.extra",
    "pipeline.processors.0.mapping",
    "pipeline.processors.1.split",
    "pipeline.processors.2",
    "output.file",
  ]);
});

it("shortens what it quotes, so that a problem stays one line", () => {
  const [problem] = problemsOf(aConfig({ output: `a\n${"b".repeat(100)}` }));
  expect(problem?.message).toBe(
    `expected one output, saw the text "a\\n${"b".repeat(57)}…"; supported: stdout, drop`,
  );
});

it("does not take an inherited name for a key", () => {
  const config = aConfig({ input: { generate: JSON.parse('{"mapping":"root = 1","__proto__":{}}') } });
  expect(problemsOf(config)).toEqual([
    {
      path: ["input", "generate", "__proto__"],
      message: 'unknown key "__proto__"; supported: count, interval, mapping',
    },
  ]);
});

it("answers to any value at all, and never accepts one without an input", () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true }), (value) => {
      expect(checkPipeline(value).ok).toBe(false);
      expect(checkPipeline({ input: value, pipeline: value, output: value }).ok).toBe(false);
      const inner = { generate: { count: value, interval: value, mapping: value } };
      expect(checkPipeline({ input: inner, output: { stdout: { codec: value } } }).ok).toBe(false);
    }),
  );
});

function aConfig(overrides: object): object {
  return { input: { generate: { mapping: "root = 1" } }, output: { drop: {} }, ...overrides };
}

function problemsOf(config: unknown): readonly PipelineProblem[] {
  const check = checkPipeline(config);
  return check.ok ? [] : check.problems;
}
