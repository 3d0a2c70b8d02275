import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { bundledSystem } from "../systems/bundled/bundled.ts";
import { PROFILES } from "../timing/profile.ts";
import { chooseEdges, chooseFixes, chooseSeed, chooseTimings, readJobFiles } from "./inputs.ts";

const KNOWN = ["none", "block", "pull", "resync"];

describe("a list of fixes", () => {
  it.each([
    ["none", ["none"]],
    ["none,pull", ["none", "pull"]],
    ["pull, none", ["pull", "none"]],
    ["pull,pull+resync", ["pull", "pull+resync"]],
    ["pull,none,pull", ["pull", "none"]],
  ])("%s is taken in its order, each once", (list, fixes) => {
    expect(chooseFixes(list, KNOWN)).toEqual(fixes);
  });

  it.each([
    ["none,pul", '--fix: there is no "pul" (did you mean "pull"?)'],
    ["none,", '--fix: there is no ""'],
    ["pull+bock", '--fix: there is no "bock"'],
  ])("%j is refused", (list, message) => {
    const accepted = "; accepted are none, block, pull, resync, or several joined by +";
    const suggestion = message.includes("bock") ? ' (did you mean "block"?)' : "";
    expect(() => chooseFixes(list, KNOWN)).toThrow(new UsageError(message + suggestion + accepted));
  });
});

it.each([
  [
    "recommended+pull",
    '--fix: got "recommended+pull", accepted is "recommended" by itself, it joins with nothing',
  ],
  ["none+pull", '--fix: got "none+pull", accepted is "none" by itself, it joins with nothing'],
  ["pull+pull", '--fix: "pull+pull" names one of them twice'],
])("what the orchestrator would not take either is refused here: %s", (fix, message) => {
  expect(() => chooseFixes(fix, [...KNOWN, "recommended"])).toThrow(new UsageError(message));
});

describe("a list of timings", () => {
  it("is read profile by profile, each with the knobs changed", () => {
    const timings = chooseTimings("default,fast", ["dataPlaneSetup=1s"]);
    expect(timings).toEqual(
      ["default", "fast"].map((name) => ({
        name,
        profile: {
          name: `${name} dataPlaneSetup=1s`,
          timing: { ...PROFILES[name]?.timing, dataPlaneSetup: 1_000 },
        },
      })),
    );
  });

  it("is refused with the one that there is not", () => {
    expect(() => chooseTimings("fast,fsat", undefined)).toThrow(/^--timing: there is no profile "fsat"/);
  });
});

it.each(["-1", "4294967296", "x"])("the seed %s is refused", (seed) => {
  expect(() => chooseSeed(seed)).toThrow(/^--seed: got /);
});

describe("--edges", () => {
  const some = [{ id: "any" }, { id: "some-leave", leastEdges: 3 }];

  it.each([
    [undefined, undefined],
    ["3", 3],
    ["50", 50],
  ])("%s", (given, edges) => {
    expect(chooseEdges(given, 50, some)).toBe(edges);
  });

  it("are never so few that a scenario is about nothing", () => {
    expect(() => chooseEdges("2", 50, some)).toThrow(
      new UsageError(
        '--edges: got "2", accepted for some-leave is at least 3: what it does to some it claims of others',
      ),
    );
    expect(() => chooseEdges("51", 50, some)).toThrow(/^--edges: got "51", accepted is/);
  });
});

it("a job file that is nowhere is told with every place where it was looked for", async () => {
  const missing = async (folder?: string) =>
    await readJobFiles([{ jobs: ["nowhere.yaml"], ...(folder && { folder }) }], bundledSystem);
  await expect(missing()).rejects.toThrow(new UsageError("there is no job file pipelines/nowhere.yaml"));
  await expect(missing("/mine")).rejects.toThrow(
    new UsageError("there is no job file /mine/nowhere.yaml, nor pipelines/nowhere.yaml"),
  );
});
