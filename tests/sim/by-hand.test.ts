import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { reproScript } from "../../harness/report/by-hand/script.ts";
import { byHandFiles } from "../../harness/report/by-hand/files.ts";
import { untilTheClaim, type RunRecord } from "../../harness/report/by-hand/record.ts";
import { stepsOf, type Step } from "../../harness/report/by-hand/steps.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import { ofKind } from "../../harness/timeline/timeline.ts";
import type { Scenario } from "../../harness/scenario/define.ts";
import { RunAborted } from "../../harness/scenario/run-aborted.ts";
import { scenarios } from "../../scenarios/index.ts";
import { jobFilesOf, simulate } from "./simulate.ts";

const byHand = bundledSystem.byHand!;

describe.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
  "%s by hand",
  (_id, scenario) => {
    it.each(["none", "pull"])("is a script that bash understands, under fix %s", async (fix) => {
      const text = reproScript(await recordOf(scenario, fix), byHand);
      expect(() => execFileSync("bash", ["-n"], { input: text })).not.toThrow();
      for (const name of scenario.jobs) expect(text).toContain(jobFilesOf(scenario).get(name)?.text);
    });

    it("looks out for lines that the run has logged, and has a name for all that it waits for", async () => {
      const record = await recordOf(scenario);
      const waits = stepsOf(untilTheClaim(record)).filter((step) => step.kind === "wait");
      expect(waits.length).toBeGreaterThan(0);
      const lines = ofKind(record.timeline, "log");
      const never = waits
        .flatMap(waitsOf)
        .flatMap((wait) => (wait.is === "as-seen" ? [{ on: "no name", line: "" }] : byHand.lookOut(wait)))
        .filter(
          ({ on, line }) => !lines.some(({ machine, text }) => machine === on && new RegExp(line).test(text)),
        );
      expect(never).toEqual([]);
    });

    it("compares with what the run found of it", async () => {
      const record = await recordOf(scenario);
      const text = reproScript(record, byHand);
      const found = text.slice(text.indexOf("found=$(sort"), text.indexOf("step 'what there is to see'"));
      expect(found).toMatch(/^job [\w-]+: [a-z]+$/m);
      expect(text).toContain(`The run found its claim ${record.result.verdict}: `);
    });

    it("is the same for the same run, and tells nothing of this machine", async () => {
      const [files, again] = [await filesOf(scenario), await filesOf(scenario)];
      expect(files).toEqual(again);
      expect(Object.keys(files)).toEqual(["repro.sh", "issue.md"]);
      for (const text of Object.values(files)) expect(text).not.toContain(process.cwd());
    });
  },
);

describe("a run that could not tell", () => {
  const [headline] = scenarios;

  it("is told as far as it came", async () => {
    const broken: Scenario = {
      ...headline!,
      run: async ({ edges, deploy }) => {
        await edges.kill();
        await deploy("new-job.yaml");
        throw new RunAborted("the premise slipped");
      },
    };
    const files = await filesOf(broken);
    expect(files["repro.sh"]).toContain("step '3. deploy new-job.yaml'\n");
    expect(files["repro.sh"]).toMatch(/There is nothing that could be compared\.'\nexit 2\n$/);
    expect(files["issue.md"]).toContain("# deploy-in-disconnect-window: unknown: the premise slipped\n");
    expect(files["issue.md"]).toMatch(/\n3\. deploy new-job\.yaml \(at [\d.]+s\)\n/);
  });
});

function waitsOf({ act }: Step) {
  return act.do === "wait" ? act.for : [];
}

async function filesOf(scenario: Scenario) {
  return byHandFiles(await recordOf(scenario));
}

async function recordOf(scenario: Scenario, fix = "none"): Promise<RunRecord> {
  const { outcome, result } = await simulate({ scenario, seed: 1, profile: "fast", fix });
  return {
    runId: "run-1",
    result,
    timeline: outcome.timeline,
    system: bundledSystem,
    jobFiles: jobFilesOf(scenario),
    surroundings: { harness: "", host: "", images: [] },
  };
}
