import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SCRIPTS } from "../../harness/walkthrough/script.ts";
import { walked } from "../../harness/walkthrough/walked.ts";
import { tellClosing } from "../../harness/walkthrough/closing.ts";
import { aPerson } from "../../harness/test-kit/a-person.ts";
import { scenarios } from "../../scenarios/index.ts";
import { aReportFolder } from "./command-world.ts";
import { simulate } from "./simulate.ts";
import { walk } from "./walk.ts";

const HEADLINE = scenarios[0]!;
const FIXES = ["none", "block", "redispatch", "pull", "resync", "supersede", "recommended"];

describe("walked through, every scenario of the catalogue", { timeout: 60_000 }, () => {
  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    "%s comes out as it does otherwise, says nothing that is not so, and fits into 60 columns",
    async (_id, scenario) => {
      const { result, read } = await walk(scenario, aReportFolder(), { person: aPerson([], 60) });
      expect(result).toMatchObject({ asExpected: true });
      expect(read.filter((line) => line.includes("NOT SO"))).toEqual([]);
      expect(read.filter((line) => line.startsWith("  ok ")).length).toBeGreaterThan(0);
      expect(read.filter((line) => line.length > 60)).toEqual([]);
    },
  );
});

describe("the headline, walked through", { timeout: 60_000 }, () => {
  it.each(FIXES)("says nothing that is not so under %s, nor afterwards of the fix", async (fix) => {
    const out = aReportFolder();
    const without = await walk(HEADLINE, out);
    const person = aPerson();
    const closed = await walk(HEADLINE, out, { fix, person });
    tellClosing(person, closed, without.result);
    expect(closed.result.asExpected).toBe(true);
    expect(person.read.filter((line) => line.includes("NOT SO"))).toEqual([]);
  });

  it("shows why blocking does not cure it", async () => {
    const out = aReportFolder();
    const without = await walk(HEADLINE, out);
    const person = aPerson();
    tellClosing(person, await walk(HEADLINE, out, { fix: "block" }), without.result);
    const read = person.read.join("\n").replaceAll(/\s+/g, " ");
    expect(read).toContain("VIOLATED, as expected under fix block");
    expect(read).toContain("ok Nothing was refused in the whole run: there was nothing to retry");
    expect(read).toContain("ok After the return it was never sent again");
  });

  it("says so where what it says is not so", async () => {
    const wronglyExpected = { ...HEADLINE, expected: { "*": "violated L1" } as const };
    const { read } = await walk(wronglyExpected, aReportFolder(), { fix: "redispatch" });
    expect(read).toContain("  NOT SO  Nothing was sent again: to the dispatcher they were done with.");
    expect(read.join("\n")).toMatch(/NOT SO {2}The job is still `deploying`.*\n +seen: it is running; /);
  });

  it("is the same run, to the byte, whether somebody looks around, goes back, or does neither", async () => {
    const timelines = [];
    for (const answers of [[], ["", "i", "s", "i"], ["", "", "", "b", "i", "", "b"]]) {
      const out = aReportFolder();
      await walk(HEADLINE, out, { person: aPerson(answers) });
      timelines.push(readFileSync(join(out, "none", "timeline.jsonl"), "utf8"));
    }
    expect(timelines[0]).toContain("new-test-job");
    expect(timelines[1]).toBe(timelines[0]);
    expect(timelines[2]).toBe(timelines[0]);
  });

  it("asks nothing of somebody who goes back beyond what they have seen", async () => {
    const person = aPerson(["", "", "b"]);
    await walk(HEADLINE, aReportFolder(), { person });
    // Two steps and the third's question; then from the second on, to the sixth.
    expect(person.asked).toHaveLength(3 + 5);
  });
});

it("every word of a script is about a step that its scenario takes", async () => {
  expect(Object.keys(SCRIPTS).length).toBeGreaterThan(0);
  for (const [id, script] of Object.entries(SCRIPTS)) {
    const scenario = scenarios.find((candidate) => candidate.id === id)!;
    const taken = ["begin 1"];
    const guide = {
      before: async ({ do: what }: { readonly do: string }) => {
        taken.push(`${what} ${taken.filter((step) => step.startsWith(`${what} `)).length + 1}`);
      },
      waits: () => {},
      end: () => Promise.resolve(),
    };
    await simulate({ scenario: walked(scenario, guide), seed: 1, profile: "fast" });
    expect([id, Object.keys(script).filter((step) => !taken.includes(step))]).toEqual([id, []]);
  }
});
