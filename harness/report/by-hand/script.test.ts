import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { bundledSystem } from "../../systems/bundled/bundled.ts";
import { aDeed, aRecord, aWait } from "../../test-kit/a-record.ts";
import { aResult } from "../../test-kit/a-result.ts";
import { aClaim, aState, type Moment } from "../../test-kit/a-timeline.ts";
import { aJob, aNode, anExecution, aView } from "../../test-kit/a-view.ts";
import type { RunRecord } from "./record.ts";
import { reproScript } from "./script.ts";

const STARTED = aDeed({ do: "start", machines: ["nats", "orchestrator", "edge1", "edge2"] });
const STUCK = anExecution();
const LOOKED = aState({
  atMs: 3_500,
  seen: aView({ nodes: [aNode()], jobs: [aJob()], executions: [STUCK] }),
});
const VIOLATED = [STARTED, LOOKED, aClaim({ held: false, stuck: [STUCK] })];

describe("the script of a run", () => {
  it("says what it shows, and of which run", () => {
    expect(head(script(VIOLATED))).toEqual([
      "#!/usr/bin/env bash",
      "#",
      "# deploy-in-disconnect-window, by hand",
      "#",
      "# Claim  A job deployed before a dead node is noticed runs once the node is back.",
      "# Found  VIOLATED, L1 void: new-test-job is `deploying`, 0 of 2 running",
      "#        no dispatch since 2.4s",
      "# Run    run-1 · docker 20.10.24 · timing fast · fix none · 2 edges",
    ]);
  });

  it("is a script that bash understands", () => {
    for (const moments of [[], [STARTED], VIOLATED])
      expect(() => execFileSync("bash", ["-n"], { input: script(moments) })).not.toThrow();
  });

  it("has every setting of the orchestrator as a variable that can be changed", () => {
    const text = script(VIOLATED);
    const name = "EXPANSO_ORCHESTRATOR_NODE_MANAGER_HEARTBEAT_FREQUENCY";
    expect(text).toContain(`export ${name}="\${${name}:-1s}"\n`);
    expect(text).toContain(`          --env ${name} \\\n`);
  });

  it("starts machines that differ in nothing but their names in the same way", () => {
    const text = script([STARTED, aDeed({ do: "start", machines: ["edge3"] })]);
    expect(text).toContain("      edge1 | edge2 | edge3)\n        run \\\n");
    expect(text).toContain('--env "EXPANSO_EDGE_NAME=$name" \\\n');
  });

  it("waits for all of W where the claim was violated, and then compares", () => {
    const text = script(VIOLATED);
    expect(text).toContain("W=${W:-4}\nLIMIT=${LIMIT:-34}\n");
    expect(body(text)).toEqual([
      "# The claim: new-test-job runs on edge1. The run found this:",
      'edges=""',
      "found=$(sort <<'END'",
      "job new-test-job: deploying",
      "new-test-job v1 on edge1: pending, desired running",
      "END",
      ")",
      "step 'claim: new-test-job runs on edge1'",
      'sleep "$W" # all of W: only after that a correct system would have done it',
      "now=$(seen)",
    ]);
    expect(text.trimEnd().split("\n").slice(-3)).toEqual([
      "printf '\\n%s\\n' 'The run found its claim violated: new-test-job is deploying, 0 of 2 running'",
      'if [ "$now" != "$found" ]; then echo "Now it is otherwise (<: in the run, >: now):" && diff <(echo "$found") <(echo "$now"); fi',
      "printf 'So it is now:\\n%s\\n' \"$found\"",
    ]);
  });

  it("goes on as soon as it is so where the claim held", () => {
    expect(body(script([STARTED, LOOKED, aClaim()])).at(-2)).toBe(
      "(LIMIT=$W && sees orchestrator '(STATUS|RECONCILER|NODE): ' same) || true",
    );
  });

  it("lets the time pass in which it had to stay so", () => {
    expect(body(script([STARTED, LOOKED, aClaim({ watchedMs: 6_100 })])).at(-2)).toBe(
      "sleep 7 # so long that everything has timed out that can",
    );
  });

  it("does nothing of what came after the claim", () => {
    const text = script([...VIOLATED, aDeed({ do: "kill", machines: ["edge2"] }, { atMs: 9_000 })]);
    expect(text).not.toContain('docker rm --force "$RUN-edge2"');
  });

  it("is about the claim that was violated, where there are several", () => {
    const text = script([...VIOLATED, aClaim({ atMs: 9_000, what: "another" })]);
    expect(text).toContain("# The claim: new-test-job runs on edge1.");
    expect(text).not.toContain("another");
  });

  it("has fixed addresses where something is cut off, and only there", () => {
    const cut = aDeed({ do: "cut", machines: ["edge1"] });
    const heal = aDeed({ do: "heal", machines: ["edge1"] });
    const text = script([STARTED, cut, heal]);
    expect(text).toContain("address() {");
    expect(text).toContain('--network-alias "$name" --ip "$(address "$name")" "$@"');
    expect(script(VIOLATED)).not.toMatch(/address|--ip|--subnet/);
  });

  it("has none of the functions that it does not call", () => {
    const text = script([STARTED, aWait({ is: "ready", edges: ["edge1"] })]);
    expect(text).toContain("believed() {");
    expect(text).not.toMatch(/(wipe|joins_handled|has_settled|runs_on|address)\(\)/);
  });

  it("mounts nothing from the host, publishes nothing, and is not privileged", () => {
    expect(script(VIOLATED)).not.toMatch(
      /type=bind|--volume|--publish|--privileged|docker (run|create) .* -[vp] /,
    );
  });

  it.each([
    ["did nothing", [], "echo 'The run did nothing.'"],
    ["never came to its claim", [STARTED], "cli node list"],
  ])("of a run that %s ends as one that could not tell", (_what, moments, line) => {
    const result = aResult({ verdict: "unknown", loss: null, because: "the premise slipped" });
    const text = script(moments, { result });
    expect(text).toContain("# Found  UNKNOWN: the premise slipped\n");
    expect(text.split("\n")).toContain(line);
    expect(text).toMatch(/There is nothing that could be compared\.'\nexit 2\n$/);
  });
});

function script(moments: readonly Moment[], at: Partial<RunRecord> = {}): string {
  return reproScript(aRecord(bundledSystem, moments, at), bundledSystem.byHand!);
}

function head(text: string): string[] {
  const lines = text.split("\n");
  return lines.slice(0, lines.findIndex((line) => line.startsWith("# Run")) + 1);
}

/** From the claim to what there is to see. */
function body(text: string): string[] {
  const lines = text.split("\n");
  const from = lines.findIndex((line) => line.startsWith("# The claim"));
  return lines.slice(from, lines.indexOf("step 'what there is to see'") - 1);
}
