import { describe, expect, it } from "vitest";
import { EnvironmentError, UsageError } from "../errors.ts";
import type { Result } from "../report/result.ts";
import {
  EXIT,
  errorLines,
  exitCodeForBisect,
  exitCodeOf,
  exitCodeOfError,
  exitCodeOfMany,
  Interrupted,
} from "./exit-code.ts";

describe("the exit code of runs", () => {
  const [good, bad, unclear] = [
    { verdict: "violated", asExpected: true },
    { verdict: "held", asExpected: false },
    { verdict: "unknown", asExpected: false },
  ] as Result[] as [Result, Result, Result];

  it.each([
    ["0 when every verdict is as expected", [good, good], 0],
    ["1 when one is not", [good, bad, good], 1],
    ["2 when one could not be told", [good, unclear, good], 2],
    ["1 when one is not and another could not be told", [unclear, bad], 1],
    ["0 when there were none", [], 0],
  ])("is %s", (_what, results, code) => {
    expect(exitCodeOf(results)).toBe(code);
  });
});

it.each([
  ["nothing", [], 0],
  ["an unknown", [0, 2, 0], 2],
  ["a surprise before an unknown", [2, 1, 0], 1],
  ["what was typed before a surprise", [1, 64], 64],
  ["the environment before what was typed", [64, 3, 1], 3],
  ["a defect before everything", [3, 70, 1, 64, 2, 0], 70],
])("of many, the gravest counts: %s", (_what, codes, code) => {
  expect(exitCodeOfMany(codes)).toBe(code);
});

it.each([
  ["as expected: good", 0, 0],
  ["not as expected: bad", 1, 1],
  ["an unknown: skip", 2, 125],
  ["the environment: skip", 3, 125],
  ["a scenario that this commit does not have: skip", 64, 125],
  ["a defect: skip", 70, 125],
  ["an interruption: stop", 130, 130],
])("for `git bisect run` it says %s", (_what, code, forBisect) => {
  expect(exitCodeForBisect(code)).toBe(forBisect);
});

describe("the exit code of an error", () => {
  it.each([
    [anEnvironmentError(), 3],
    [new UsageError("--edges"), 64],
    [new Interrupted("SIGINT"), 130],
    [new Interrupted("SIGTERM"), 143],
    [new Interrupted("SIGHUP"), 129],
    [new TypeError("cannot read properties of undefined"), 70],
    ["not even an error", 70],
  ])("%s: %i", (error, code) => {
    expect(exitCodeOfError(error)).toBe(code);
  });
});

describe("when the clean-up failed, too", () => {
  it.each([
    ["3 of two that the environment is to blame for", anEnvironmentError(), anEnvironmentError(), 3],
    ["70 if what failed first is a defect", new TypeError("x"), anEnvironmentError(), 70],
    ["70 if the clean-up itself has a defect", anEnvironmentError(), new TypeError("x"), 70],
    ["3 if an interrupted run leaves something behind", new Interrupted("SIGINT"), anEnvironmentError(), 3],
    [
      "70 if a clean-up after an interruption has a defect",
      new Interrupted("SIGINT"),
      new TypeError("x"),
      70,
    ],
  ])("the exit code is %s", (_what, first, then, code) => {
    expect(exitCodeOfError(new SuppressedError(then, first))).toBe(code);
  });

  it("looks all the way down", () => {
    const inner = new SuppressedError(anEnvironmentError(), new UsageError("--out"));
    expect(exitCodeOfError(new SuppressedError(new UsageError("--x"), inner))).toBe(EXIT.environment);
  });

  it("both are told, what failed first first", () => {
    const first = anEnvironmentError({ seen: "the disk is full" });
    const then = anEnvironmentError({ seen: "the engine has gone" });
    expect(errorLines(new SuppressedError(then, first))).toEqual([
      "repro: a Docker engine: the disk is full",
      "  mend: start Docker",
      "repro: a Docker engine: the engine has gone",
      "  mend: start Docker",
    ]);
  });

  it("nothing is told twice: a simulation says at its end what it has thrown already", () => {
    const thrown = new TypeError("setTimeout() was used");
    const told = new UsageError("./mine.ts:3:5: setTimeout() was used", { cause: thrown });
    const twice = new SuppressedError(thrown, told);
    expect({ lines: errorLines(twice), code: exitCodeOfError(twice) }).toEqual({
      lines: ["repro: ./mine.ts:3:5: setTimeout() was used"],
      code: EXIT.usage,
    });
    expect(errorLines(new SuppressedError(thrown, thrown))).toEqual(errorLines(thrown));
  });

  it("an interruption does not claim that everything is removed", () => {
    expect(errorLines(new SuppressedError(anEnvironmentError(), new Interrupted("SIGTERM")))).toEqual([
      "repro: interrupted by SIGTERM; not everything that was started could be removed",
      "repro: a Docker engine: none answers",
      "  mend: start Docker",
    ]);
  });
});

describe("what a person is told", () => {
  it("of the environment: what was seen, and how to mend it", () => {
    expect(errorLines(anEnvironmentError())).toEqual([
      "repro: a Docker engine: none answers",
      "  mend: start Docker",
    ]);
  });

  it("of wrong usage: the place", () => {
    expect(errorLines(new UsageError('--edges: got "0"'))).toEqual(['repro: --edges: got "0"']);
  });

  it("of an interruption: that nothing is left", () => {
    expect(errorLines(new Interrupted("SIGINT"))).toEqual([
      "repro: interrupted by SIGINT; everything that was started is removed",
    ]);
  });

  it("of a defect: that it is ours, and where", () => {
    const defect = new RangeError("seq out of range");
    const [first, stack] = errorLines(defect);
    expect(first).toBe("repro: a defect in the harness itself, please report it");
    expect(stack).toContain("RangeError: seq out of range\n    at ");
  });

  it("of something that is no error: what it is", () => {
    expect(errorLines("oops")).toEqual(["repro: a defect in the harness itself, please report it", "oops"]);
  });
});

function anEnvironmentError({ seen = "none answers" }: { readonly seen?: string } = {}): EnvironmentError {
  return new EnvironmentError({ wanted: "a Docker engine", seen, mend: "start Docker" });
}
