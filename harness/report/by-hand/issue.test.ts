import { describe, expect, it } from "vitest";
import { bundledSystem } from "../../systems/bundled/bundled.ts";
import { aDeed, aRecord, aWait } from "../../test-kit/a-record.ts";
import { aResult } from "../../test-kit/a-result.ts";
import { aClaim, aLog, aPremise, aRunningOn, aState, type Moment } from "../../test-kit/a-timeline.ts";
import { aJob, aNode, anExecution, aView } from "../../test-kit/a-view.ts";
import { issueText } from "./issue.ts";
import type { RunRecord } from "./record.ts";

const STUCK = anExecution();
const CLAIM = aClaim({ held: false, stuck: [STUCK], atMs: 9_000 });

describe("the issue of a run", () => {
  it("begins with what happened, and what should have", () => {
    expect(issue().split("\n").slice(0, 8)).toEqual([
      "# deploy-in-disconnect-window: L1 void: new-test-job is `deploying`, 0 of 2 running",
      "",
      "**What should happen.** A job deployed before a dead node is noticed runs once the node is back.",
      "",
      "**What happens.** VIOLATED, expected: violated L1.",
      "",
      "- new-test-job is `deploying`, 0 of 2 running",
      "- no dispatch since 2.4s",
    ]);
  });

  it.each(["held", "unknown"] as const)("of a run that found its claim %s says so", (verdict) => {
    const result = aResult({ verdict, loss: null, because: "so it was", witnesses: [] });
    const text = issue([], { result });
    expect(text).toContain("# deploy-in-disconnect-window: " + verdict + ": so it was\n");
    expect(text).not.toMatch(/## (Witnesses|Steps|Log|States|Checked as well)/);
  });

  it("says with what it was found", () => {
    const text = section(issue([CLAIM]), "Where");
    expect(text).toContain("| harness | expanso-repro 0.1.0 |");
    expect(text).toContain("| host | Linux, x64 |");
    expect(text).toContain("| engine | docker 20.10.24 |");
    expect(text).toContain("| system | bundled<br>expanso-edge:debug sha256:1 |");
    expect(text.find((row) => row.startsWith("| timing"))).toMatch(/^\| timing \| fast: heartbeat 1s, disc/);
    expect(text).toContain("| W | 3.8 s |");
  });

  it("numbers what was done, with what was seen of it below", () => {
    const moments = [
      aDeed({ do: "kill", machines: ["edge1"] }, { subject: "edge1 (rm -f)" }),
      aWait({ is: "serving" }, "it serves"),
      aPremise({
        atMs: 0,
        what: "it believes",
        seen: "so it does",
        act: { do: "wait", for: [], withinMs: 0 },
      }),
      aDeed({ do: "start", machines: ["edge1"] }, { atMs: 1_000, subject: "edge1" }),
      CLAIM,
    ];
    expect(section(issue(moments), "Steps")).toEqual([
      "1. kill edge1 (rm -f) (at 0.0s)",
      "   - until it serves: seen",
      "   - now it believes: so it does",
      "2. start edge1 (at 1.0s)",
      "3. new-test-job runs on edge1: it is not, at 9.0s",
    ]);
  });

  it("has the witnesses' lines verbatim", () => {
    const result = aResult({
      witnesses: [{ source: "log", at: 1, text: "published", line: "PUBLISH: ```x" }],
    });
    expect(section(issue([], { result }), "Witnesses")).toEqual([
      "**log** published",
      "",
      "````text",
      "PUBLISH: ```x",
      "````",
    ]);
  });

  it("has the log lines of what was stuck, and of the job, but of no other", () => {
    const line = (text: string, pattern: string, fields: Readonly<Record<string, string>>) =>
      aLog(pattern, { text, fields });
    const moments = [
      line("stuck", "broker-pub", { execution_id: STUCK.id }),
      line("job", "stuck-detected", { job_id: "j-new" }),
      line("nobody's", "node-left", {}),
      line("not told", "rollout-checked", { job_id: "j-new" }),
      line("other", "stuck-detected", { job_id: "j-other" }),
      CLAIM,
      aLog("stuck-detected", { atMs: 10_000, text: "late", fields: { job_id: "j-new" } }),
    ];
    expect(section(issue(moments), "Log")).toEqual(["```text", "stuck", "job", "nobody's", "```"]);
  });

  it("has the first and the last of many lines, and says how many there are", () => {
    const lines = Array.from({ length: 50 }, (_, at) => aLog("node-left", { text: `line ${at}` }));
    const told = section(issue([...lines, CLAIM]), "Log");
    expect(told).toHaveLength(43);
    expect(told.slice(20, 23)).toEqual(["line 19", "… 10 more, in timeline.jsonl", "line 30"]);
  });

  it("has the states as they were at the claim, and what the edges said themselves", () => {
    const seen = aView({ nodes: [aNode()], jobs: [aJob({ message: "a|b" })], executions: [STUCK] });
    const moments = [aState({ atMs: 8_000, seen }), aRunningOn("edge1", [], 8_500), CLAIM];
    expect(section(issue(moments), "States")).toEqual([
      "| node | id | connection | data plane |",
      "| --- | --- | --- | --- |",
      "| edge1 | n-edge1 | connected | ready |",
      "",
      "| job | version | state | message |",
      "| --- | --- | --- | --- |",
      "| new-test-job | 1 | deploying | a\\|b |",
      "",
      "| execution | job | node | observed | desired |",
      "| --- | --- | --- | --- | --- |",
      "| e-1 | new-test-job v1 | edge1 | pending | running |",
      "",
      "- edge1 itself: runs nothing",
    ]);
  });

  it("has the proof and the invariants", () => {
    const invariants = [true, false, null].map((held, index) => ({
      id: (index + 1) as 1,
      name: "no zombie",
      held,
      excepted: false,
      seen: "2 running",
    }));
    const proof = {
      delivered: ["the run request of e-1"],
      proven: true,
      afterMs: 100,
      seen: "it runs",
      inSecondRun: false,
    };
    const result = aResult({ proof, invariants });
    expect(section(issue([], { result }), "Checked as well")).toEqual([
      "- proof, by hand: the run request of e-1: 100 ms later it runs",
      "- invariant 1, no zombie: holds (2 running)",
      "- invariant 2, no zombie: broken (2 running)",
      "- invariant 3, no zombie: not checked (2 running)",
    ]);
  });

  it("says how to see it again, without the folders of this machine", () => {
    const result = aResult({ replay: "pnpm repro x --timing /home/me/slow.yaml --fix pull" });
    const text = section(issue([], { result }), "See it again");
    expect(text).toContain("pnpm repro x --timing slow.yaml --fix pull");
  });
});

function issue(moments: readonly Moment[] = [], at: Partial<RunRecord> = {}): string {
  return issueText(aRecord(bundledSystem, moments, at));
}

/** The lines below a title, up to the next. */
function section(text: string, title: string): string[] {
  const lines = text.split("\n");
  const from = lines.indexOf(`## ${title}`) + 2;
  const rest = lines.slice(from);
  const to = rest.findIndex((line) => line.startsWith("## "));
  return rest.slice(0, to === -1 ? -1 : to - 1);
}
