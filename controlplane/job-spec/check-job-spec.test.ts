import { describe, expect, it } from "vitest";
import { checkJobSpec } from "./check-job-spec.ts";

const PIPELINE = {
  input: { generate: { mapping: 'root.message = "hello"', interval: "1s" } },
  output: { drop: {} },
};

function aJob(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { name: "hello", type: "pipeline", config: PIPELINE, ...fields };
}

/** `path: message` of every problem; empty if the job is accepted. */
function problemsOf(value: unknown): string[] {
  const check = checkJobSpec(value);
  return check.ok ? [] : check.problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("checkJobSpec", () => {
  it("fills in the defaults", () => {
    expect(checkJobSpec(aJob())).toEqual({
      ok: true,
      spec: {
        name: "hello",
        type: "pipeline",
        labels: {},
        meta: {},
        priority: 50,
        restart_policy: "on-failure",
        selector: { match_ids: [], match_labels: {}, match_expressions: [] },
        config: PIPELINE,
      },
    });
  });

  it("keeps everything that was said", () => {
    const full = aJob({
      description: "says hello",
      labels: { env: "prod" },
      meta: { owner: "me" },
      priority: 100,
      restart_policy: "never",
      selector: {
        match_ids: ["n1"],
        match_labels: { zone: "a" },
        match_expressions: ["tier in (web, db)", "!old"],
      },
    });
    expect(checkJobSpec(full)).toEqual({ ok: true, spec: full });
  });

  it("accepts what it has accepted before, unchanged", () => {
    const first = checkJobSpec(aJob({ labels: { a: "1" } }));
    expect(first.ok && checkJobSpec(first.spec)).toEqual(first);
  });

  it("accepts a job wrapped in spec, and gives paths within the wrapper", () => {
    expect(checkJobSpec({ spec: aJob() })).toEqual(checkJobSpec(aJob()));
    expect(problemsOf({ spec: aJob({ priority: -1 }), kind: "Job" })).toEqual([
      'kind: unknown key "kind"; supported: spec',
      "spec.priority: expected a whole number from 0 to 100, saw the number -1",
    ]);
  });

  it("takes an optional field without a value for one that is not there", () => {
    expect(checkJobSpec(aJob({ labels: null, selector: { match_ids: null }, priority: null }))).toEqual(
      checkJobSpec(aJob()),
    );
  });

  it("says what is missing", () => {
    const supported =
      "supported: name, type, config, description, labels, meta, priority, restart_policy, selector";
    expect(problemsOf({})).toEqual([
      `name: "name" is missing; ${supported}`,
      `type: "type" is missing; ${supported}`,
      `config: "config" is missing; ${supported}`,
    ]);
  });

  it.each([
    [null, "nothing (null)"],
    [[], "a list"],
    ["job", 'the text "job"'],
  ])("refuses %j for a job", (value, saw) => {
    expect(problemsOf(value)).toEqual([
      `: expected an object, saw ${saw}; supported: name, type, config, description, labels, meta, priority, restart_policy, selector`,
    ]);
  });

  it("refuses an unknown key, and guesses which one was meant", () => {
    expect(problemsOf(aJob({ restart_polici: "never" }))).toEqual([
      'restart_polici: unknown key "restart_polici"; supported: name, type, config, description, labels, ' +
        "meta, priority, restart_policy, selector (did you mean restart_policy?)",
    ]);
  });

  it.each(["a", "0", "test-heartbeat", "v1.2", "a".repeat(63)])("accepts %j as a name", (name) => {
    expect(problemsOf(aJob({ name }))).toEqual([]);
  });

  it.each([
    ["Test Heartbeat", 'the text "Test Heartbeat" (did you mean test-heartbeat?)'],
    ["-a-", 'the text "-a-" (did you mean a?)'],
    ["", 'the text ""'],
    ["a".repeat(64), `the text "${"a".repeat(59)}…"`],
    [7, 'the number 7 (did you mean "7", in quotes?)'],
    [["a"], "a list"],
  ])("refuses %j as a name, and says what is accepted", (name, saw) => {
    expect(problemsOf(aJob({ name }))).toEqual([
      "name: expected a name of 1 to 63 lower-case letters, digits, - and ., that starts and ends with a " +
        `letter or digit, saw ${saw}`,
    ]);
  });

  it("lists the job types it supports", () => {
    expect(problemsOf(aJob({ type: "daemon" }))).toEqual([
      'type: expected a job type, saw the text "daemon"; supported: pipeline',
    ]);
    expect(problemsOf(aJob({ type: "Pipeline" }))).toEqual([
      'type: expected a job type, saw the text "Pipeline"; supported: pipeline (did you mean pipeline?)',
    ]);
  });

  it("refuses a restart policy that there is not", () => {
    expect(problemsOf(aJob({ restart_policy: "on_failure" }))).toEqual([
      'restart_policy: expected a restart policy, saw the text "on_failure"; supported: on-failure, always, ' +
        "never (did you mean on-failure?)",
    ]);
  });

  it.each([101, -1, 1.5, "50", true])("refuses %j as a priority", (priority) => {
    expect(problemsOf(aJob({ priority }))).toHaveLength(1);
  });

  it("refuses labels that are no texts, as YAML makes them without quotes", () => {
    expect(problemsOf(aJob({ labels: { zone: 1, on: true, at: null }, meta: ["a"] }))).toEqual([
      'labels.zone: expected a text, saw the number 1 (did you mean "1", in quotes?)',
      'labels.on: expected a text, saw true (did you mean "true", in quotes?)',
      "labels.at: expected a text, saw nothing (null)",
      'meta: expected names and texts such as {env: "prod"}, saw a list',
    ]);
  });

  it("keeps a label that is called like something every object has", () => {
    const labels = JSON.parse('{"__proto__": "a", "constructor": "b"}') as unknown;
    const check = checkJobSpec(aJob({ labels }));
    expect(check.ok && JSON.stringify(check.spec.labels)).toBe('{"__proto__":"a","constructor":"b"}');
  });

  it("names the selector expression that it cannot read, and the forms that it can", () => {
    expect(problemsOf(aJob({ selector: { match_expressions: ["env=prod", "env ~ prod", 1] } }))).toEqual([
      'selector.match_expressions.1: expected an expression, saw the text "env ~ prod"; supported: k=v, k==v, ' +
        "k!=v, k in (a,b), k notin (a,b), k, !k (with ! in quotes)",
      "selector.match_expressions.2: expected an expression, saw the number 1; supported: k=v, k==v, " +
        "k!=v, k in (a,b), k notin (a,b), k, !k (with ! in quotes)",
    ]);
  });

  it("refuses the wrong shapes of a selector", () => {
    const selector = { match_ids: ["", "n1"], match_label: {}, match_expressions: "a=b" };
    expect(problemsOf(aJob({ selector }))).toEqual([
      'selector.match_label: unknown key "match_label"; supported: match_ids, match_labels, match_expressions ' +
        "(did you mean match_labels?)",
      'selector.match_ids.0: expected a node id as "expanso-cli node list --wide" shows it, saw the text ""',
      'selector.match_expressions: expected a list of texts, saw the text "a=b"',
    ]);
  });

  it("reports the pipeline's problems within config, with the place in the mapping", () => {
    const config = { input: { generate: { mapping: "root.a = 1\nroot.b = nowt()" } }, output: { drop: {} } };
    expect(checkJobSpec(aJob({ config }))).toMatchObject({
      ok: false,
      problems: [{ path: ["config", "input", "generate", "mapping"], at: { line: 2, column: 10 } }],
    });
  });

  it("shows a bare pipeline the envelope that it lacks", () => {
    const message =
      "this is a pipeline without a job around it; wrap it in an envelope like this: " +
      '{"name": "my-job", "type": "pipeline", "config": {…the pipeline…}}';
    expect(problemsOf(PIPELINE)).toEqual([`: ${message}`]);
    expect(problemsOf({ spec: PIPELINE })).toEqual([`spec: ${message}`]);
  });
});
