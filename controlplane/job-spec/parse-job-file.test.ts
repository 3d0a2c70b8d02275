import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseJobFile } from "./parse-job-file.ts";

/** `line:column: message` of every problem; empty if the file is accepted. */
function problemsOf(text: string): string[] {
  const parsed = parseJobFile(text);
  return parsed.ok ? [] : parsed.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

/** A job file whose input mapping is written as given, behind `mapping:` in column 16 of line 6. */
function jobWithMapping(written: string): string {
  return `name: a
type: pipeline
config:
  input:
    generate:
      mapping: ${written}
  output: {drop: {}}
`;
}

const pipelineFile = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../pipelines/${name}`, import.meta.url)), "utf8");

describe("parseJobFile", () => {
  it.each([
    ["test-job.yaml", "test-heartbeat"],
    ["new-job.yaml", "new-test-job"],
    ["third-job.yaml", "third-test-job"],
  ])("accepts pipelines/%s as %s", (file, name) => {
    expect(parseJobFile(pipelineFile(file))).toMatchObject({ ok: true, spec: { name } });
  });

  it("accepts JSON", () => {
    const job = `{"name": "a", "type": "pipeline", "config": {"input": {"generate": {"mapping": "root = 1"}}, "output": {"drop": {}}}}`;
    expect(parseJobFile(job)).toMatchObject({ ok: true, spec: { name: "a" } });
  });

  it("shows a bare pipeline in the envelope that makes a job of it", () => {
    const bare =
      "---\r\ninput:\r\n  generate:\r\n    mapping: |\r\n      root = 1\r\n\r\noutput:\r\n  drop: {}\r\n";
    expect(problemsOf(bare)).toEqual([
      `1:1: this is a pipeline without a job around it; wrap it in an envelope like this:

name: my-job
type: pipeline
config:
  input:
    generate:
      mapping: |
        root = 1

  output:
    drop: {}`,
    ]);
  });

  it("accepts the seed's bare pipeline in the envelope that it shows", () => {
    const [problem] = problemsOf(pipelineFile("test-pipeline.yaml"));
    const wrapped = parseJobFile(problem?.slice(problem.indexOf("name:")) ?? "");
    const testJob = parseJobFile(pipelineFile("test-job.yaml").replace("interval: 5s", "interval: 30s"));
    expect(wrapped.ok && testJob.ok && wrapped.spec.config).toEqual(testJob.ok && testJob.spec.config);
  });

  it("gives the place of every problem, in the order of the file", () => {
    expect(
      problemsOf(jobWithMapping("root = 1").replace("type: pipeline", "type: batch\npriority: 200")),
    ).toEqual([
      '2:1: expected a job type, saw the text "batch"; supported: pipeline',
      "3:1: expected a whole number from 0 to 100, saw the number 200",
    ]);
  });

  it("gives the place of a list's item", () => {
    const text = `selector:\n  match_expressions:\n    - a=b\n    - a ~ b\n${jobWithMapping("root = 1")}`;
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^4:7: expected an expression/)]);
  });

  it("gives what is missing the place of the map that lacks it", () => {
    const text = jobWithMapping("root = 1").replace("mapping:", "count:");
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^5:5: "mapping" is missing/),
      expect.stringMatching(/^6:7: expected a whole number/),
    ]);
  });

  it("follows an alias to where the text was written", () => {
    const text = `meta: {m: &m "root = nope()"}\n${jobWithMapping("*m")}`;
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^1:22: unknown function nope/)]);
  });
});

describe("a place in a mapping", () => {
  it.each([
    ["a literal block", "|\n        root.a = 1\n\n        root.b = nope()\n", "9:18"],
    ["a block with a comment and an indentation of its own", "|2- # two\n        root.a = nope()\n", "7:18"],
    ["a block with Windows line ends", "|\r\n        root.a = 1\r\n        root.b = nope()\r\n", "8:18"],
    ["a folded block", ">-\n        root.a = [1,\n        nope()]\n", "8:9"],
    ["a plain scalar", "root.a = nope()", "6:25"],
    ["a plain scalar on two lines", "root.a = [1,\n        nope()]", "7:9"],
    ["single quotes with a doubled one", `'root.a = ["it''s", nope()]'`, "6:36"],
    ["double quotes", '"root.a = [\\"x\\\\n\\", nope()]"', "6:37"],
    ["double quotes with an escaped line end", '"root.a = 1\\nroot.b = nope()"', "6:38"],
    ["characters that count as one", '|\n        root.a = ["😀", nope()]\n', "7:24"],
  ])("is found in %s", (_, written, place) => {
    expect(problemsOf(jobWithMapping(written))).toEqual([
      expect.stringMatching(new RegExp(`^${place}: unknown function nope`)),
    ]);
  });

  it("is right behind the last character when something is missing at the end", () => {
    expect(problemsOf(jobWithMapping("|\n        root.a = [1,\n"))).toEqual([
      expect.stringMatching(/^7:21: /),
    ]);
  });
});

describe("what is not a job file", () => {
  it.each([
    ["", "1:1: the file is empty; a job needs name, type and config"],
    ["# only a comment\n", "1:1: the file is empty; a job needs name, type and config"],
    ["a: 1\n---\nb: 2\n", "2:1: a second document starts here; one file is one job"],
    ["a: 1\nb: 2\na: 3\n", "3:1: this key is in the same map already"],
    ["a: b: c\n", "1:4: not YAML: Nested mappings are not allowed in compact mappings"],
    ["a:\n\t- b\n", "2:1: not YAML: Tabs are not allowed as indentation"],
    ["a: *b\n", "1:4: nothing before this is anchored as &b"],
    ["a: &a [*a]\n", "1:8: *a contains itself"],
    ["1: a\n", "1:1: expected a text as key, saw the number 1; put it in quotes"],
    ["a:\n  true: b\n", "2:3: expected a text as key, saw true; put it in quotes"],
    ["? [a]\n: b\n", "1:3: expected a text as key, saw a list, a map or an alias; put it in quotes"],
    ["a: .inf\n", "1:4: expected a number, saw Infinity"],
    [
      "a: !!binary aGk=\n",
      '1:13: the tag "tag:yaml.org,2002:binary" is not supported; put a text that starts with ! in quotes',
    ],
    ["a: [!old]\n", '1:9: the tag "!old" is not supported; put a text that starts with ! in quotes'],
    ["%YAML 1.1\n---\na: no\n", "3:1: only YAML 1.2 is read"],
  ])("%j is refused", (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it("is refused when it is nested too deeply to be read", () => {
    expect(problemsOf(`a: ${"[".repeat(5_000)}`)).toEqual([
      expect.stringMatching(/^1:\d+: nested too deeply$/),
    ]);
  });

  it("is refused when it is very large", () => {
    expect(problemsOf("a".repeat(2 * 1024 * 1024))).toEqual(["1:1: larger than 64 KiB: not a job file"]);
  });

  it("is refused when a few lines of aliases stand for millions", () => {
    const lines = Array.from({ length: 12 }, (_, i) => {
      const before = i === 0 ? "x" : Array.from({ length: 9 }, () => `*a${i - 1}`).join(", ");
      return `a${i}: &a${i} [${before}]`;
    });
    expect(problemsOf(lines.join("\n"))).toEqual([
      "1:1: its aliases cannot be expanded: Excessive alias count indicates a resource exhaustion attack",
    ]);
  });
});

describe("a small file that is large to whoever reads it", () => {
  const SIZE = 60_000;
  const fill = (text: string): string => text.repeat(SIZE / text.length);

  // Each took minutes once. The limit is far away, because a busy machine is no defect.
  it.each([
    ["aliases", `a: &a 1\nb: [${fill("*a,")}]`, "2:1505: more than 500 aliases"],
    ["repeated keys", fill("a: 1\n"), "2:1: this key is in the same map already"],
    [
      "unknown keys",
      Array.from({ length: SIZE / 10 }, (_, at) => `k${at}: 1\n`).join(""),
      /^1:1: unknown key "k0"/,
    ],
    ["tags", `[${fill("!x a,")}]`, /^1:5: the tag "!x" is not supported/],
    ["a name of dashes", `name: a${fill("-")}b`, /^1:1: "type" is missing/],
  ])("is refused in no time: %s", { timeout: 10_000 }, (_, text, first) => {
    const problems = problemsOf(text);
    if (typeof first === "string") expect(problems[0]).toBe(first);
    else expect(problems[0]).toMatch(first);
    expect(problems.length).toBeLessThanOrEqual(50);
    expect(Math.max(...problems.map((problem) => problem.length))).toBeLessThan(1_200);
  });

  it("still finds what an alias stands for", () => {
    const text = "name: a\ntype: pipeline\nmeta: &m {x: 1}\nlabels: *m\nconfig: {}\n";
    expect(problemsOf(text).filter((problem) => problem.includes("expected a text"))).toEqual([
      expect.stringMatching(/^3:11: /),
      expect.stringMatching(/^3:11: /),
    ]);
  });
});
