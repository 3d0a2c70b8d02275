import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { NamedWait } from "../system.ts";
import { expansoByHand } from "./by-hand.ts";
import { BROKER, PATTERNS } from "./patterns.ts";

const TIME = "2026-11-22T01:51:33.213Z INFO ";

describe("what is looked out for by hand", () => {
  it.each<[NamedWait, string, string, string]>([
    [{ is: "serving" }, "orchestrator", "API: Listening port=9010", "API: Stopped"],
    [
      { is: "handshake", edges: ["edge1"] },
      "orchestrator",
      "HANDSHAKE: Node handshake completed node_id=n node_name=edge1 data_plane=none",
      "HANDSHAKE: Node handshake completed node_id=n node_name=edge10 data_plane=none",
    ],
    [
      { is: "dispatched", edges: ["edge1"], job: "new-job" },
      "orchestrator",
      "PUBLISH: connection_exists=true connection_alive=true node_name=edge1 job=new-job job_id=j-1",
      "PUBLISH: connection_exists=true connection_alive=true node_name=edge1 job=new-job-2 job_id=j-1",
    ],
    [
      { is: "dispatched", edges: ["edge1"], job: "new-job" },
      "orchestrator",
      "PUBLISH: Node not connected - message will be LOST node_id=n node_name=edge1 job=new-job",
      "PUBLISH: Node not connected - message will be LOST node_id=n node_name=edge2 job=new-job",
    ],
    [
      { is: "planned", job: "new-job" },
      "orchestrator",
      "RECONCILER: Checking rollout completion unscheduled_count=2 is_wave_conclusive=false job=new-job job_id=j",
      "RECONCILER: STUCK EXECUTIONS DETECTED - dispatch may have failed job=new-job job_id=j",
    ],
    [
      { is: "ended", job: "new-job", edges: ["edge1"] },
      "edge1",
      "EDGE: Execution state changed execution_id=e job=new-job job_id=j from=running to=completed",
      "EDGE: Execution state changed execution_id=e job=new-job job_id=j from=accepted to=running",
    ],
    [
      { is: "broker-back" },
      "nats",
      '[TRC] 10.0.0.3:1 - cid:4 - <<- [CONNECT {"name":"expanso-orchestrator","lang":"nats.js"}]',
      '[TRC] 10.0.0.3:1 - cid:4 - <<- [CONNECT {"name":"expanso-edge edge1","lang":"nats.js"}]',
    ],
    [
      { is: "line", pattern: "broker-connection-opened", edges: ["edge1"] },
      "nats",
      '[TRC] 10.0.0.3:1 - cid:4 - <<- [CONNECT {"name":"expanso-edge edge1","lang":"nats.js"}]',
      '[TRC] 10.0.0.3:1 - cid:4 - <<- [CONNECT {"name":"expanso-edge edge10","lang":"nats.js"}]',
    ],
    [
      { is: "line", pattern: "request-received", edges: ["edge2"] },
      "edge2",
      "EDGE: Received RunExecutionRequest execution_id=e",
      "EDGE: Received StopExecutionRequest execution_id=e",
    ],
    [
      { is: "line", pattern: "evaluation-created", edges: [] },
      "orchestrator",
      "REEVALUATOR: Created evaluation for job (trigger=node-join) job=x",
      "REEVALUATOR: Created evaluation for job job=x",
    ],
  ])("%j is a line of its own", (wait, on, line, other) => {
    const [look] = expansoByHand.lookOut(wait);
    expect(look?.on).toBe(on);
    expect(bashMatches(look?.line ?? "", [TIME + line, TIME + other])).toEqual([true, false]);
  });

  it("is looked for once for each edge", () => {
    const looks = expansoByHand.lookOut({ is: "handshake", edges: ["edge1", "edge2"] });
    expect(looks.map(({ line }) => /edge\d/.exec(line)?.[0])).toEqual(["edge1", "edge2"]);
  });

  it.each<[NamedWait, string]>([
    [{ is: "ready", edges: ["edge1", "edge2"] }, 'believed "connected ready" edge1 edge2'],
    [{ is: "believed", edges: ["edge1"], connection: "lost" }, "believed lost edge1"],
    [{ is: "running", job: "j", edges: ["edge1"], whole: true }, "has_settled j edge1"],
    [{ is: "running", job: "j", edges: ["edge1"], whole: false }, "runs_on j edge1"],
    [{ is: "job-state", job: "j", state: "queued", message: "no nodes" }, 'job_is j queued "no nodes"'],
    [{ is: "joins-handled" }, "joins_handled"],
  ])("%j is so when the system itself says so", (wait, check) => {
    expect(expansoByHand.lookOut(wait).map((look) => look.check)).toEqual([check]);
  });

  it.each([...Object.values(PATTERNS), ...Object.values(BROKER)].map(({ name }) => name))(
    "may be any log line that the harness knows: %s",
    (pattern) => {
      const [look] = expansoByHand.lookOut({ is: "line", pattern, edges: [] });
      expect(bashMatches(look?.line ?? "", ["nothing of the kind"])).toEqual([false]);
    },
  );
});

describe("the functions", () => {
  it("are bash", () => {
    const text = Object.values(expansoByHand.functions).join("\n");
    expect(() => execFileSync("bash", ["-n"], { input: text })).not.toThrow();
  });

  const NODES = [
    "ID    NAME   STATE         DATA PLANE  LABELS",
    "n-1   edge1  disconnected  none        -",
    "n-2   edge1  connected     setting-up  -",
    "n-3   edge2  connected     ready       -",
  ].join("\n");
  const LOG = [
    `${TIME} HANDSHAKE: Node handshake completed node_id=n-1 node_name=edge1 data_plane=none`,
    `${TIME} HANDSHAKE: Node handshake completed node_id=n-2 node_name=edge1 data_plane=none`,
  ].join("\n");

  it.each([
    ["believed connected edge1 edge2", true],
    ['believed "connected ready" edge2', true],
    ['believed "connected ready" edge1 edge2', false],
    ["believed disconnected edge1", false],
    ["believed connected edge3", false],
  ])("%s: %s, of the node that the edge is now", (command, is) => {
    expect(succeeds(command, { "node list": NODES }, LOG)).toBe(is);
  });

  const JOBS = [
    "ID   NAME     TYPE      VERSION  STATE      MESSAGE",
    "j-1  old-job  pipeline  1        running    runs on 2 nodes",
    "j-2  job      pipeline  3        deploying  1 of 2 nodes do not run it yet",
    "j-3  idle     pipeline  1        queued     waiting for matching nodes",
  ].join("\n");
  const RUNNING = [
    "ID   JOB  VERSION  NODE   STATE    DESIRED",
    "e-1  job  3        edge1  running  running",
  ];

  it.each([
    ['job_is job deploying ""', true],
    ['job_is job running ""', false],
    ['job_is idle queued "waiting for matching nodes"', true],
    ['job_is idle queued "waiting"', true],
    ['job_is idle queued "else"', false],
    ["runs_on job edge1", true],
    ["runs_on job edge1 edge2", false],
    ["has_settled job edge1", false],
  ])("%s: %s", (command, is) => {
    const executions = { "execution list --job job --job-version 3": RUNNING.join("\n") };
    expect(succeeds(command, { "job list": JOBS, ...executions }, "")).toBe(is);
  });

  it.each([
    [["queuing for batch", "queuing for batch", "Processing batch - START events=2"], true],
    [["queuing for batch", "queuing for batch", "Processing batch - START events=1"], false],
    [[], true],
  ])("joins_handled after %j: %s", (lines, is) => {
    const log = lines.map((line) => `${TIME} REEVALUATOR: ${line}`).join("\n");
    expect(succeeds("joins_handled", {}, log)).toBe(is);
  });

  it("picture tells each job, each execution, and what the edges asked for say themselves", () => {
    const answers = {
      "job list": JOBS,
      "execution list": RUNNING.join("\n"),
      "executions edge1": "EXECUTION  STATE  JOB\ne-2  running  job v3\ne-1  running  job v2",
      "executions edge2": "No executions run here",
    };
    expect(run('edges="edge1 edge2"; picture', answers, "").stdout.trim().split("\n")).toEqual([
      "job old-job: running",
      "job job: deploying",
      "job idle: queued",
      "job v3 on edge1: running, desired running",
      "edge1 itself: runs job v2,job v3",
      "edge2 itself: runs nothing",
    ]);
  });
});

function succeeds(command: string, answers: Readonly<Record<string, string>>, log: string): boolean {
  return run(`if ${command}; then echo yes; fi`, answers, log).stdout === "yes\n";
}

/** Runs it with a `docker` that answers from this list: of the CLI by command, of an edge by `executions EDGE`. */
function run(command: string, answers: Readonly<Record<string, string>>, log: string): { stdout: string } {
  // The longest question first: it may begin like another.
  const known = Object.entries(answers).toSorted(([a], [b]) => b.length - a.length);
  const arms = known.map(([question], index) => {
    const asked = question.startsWith("executions ")
      ? `*"-${question.slice("executions ".length)} expanso-edge"*`
      : `*"expanso-cli ${question}"*`;
    return `${asked}) echo "$ANSWER_${index}" ;;`;
  });
  const script = [
    "set -euo pipefail; export LC_ALL=C; RUN=run",
    `docker() { case "$*" in logs*) echo "$LOG" ;; ${arms.join(" ")} esac; }`,
    ...Object.values(expansoByHand.functions),
    command,
  ];
  const env = Object.fromEntries(known.map(([, answer], index) => [`ANSWER_${index}`, answer]));
  const stdout = execFileSync("bash", ["-c", script.join("\n")], {
    encoding: "utf8",
    env: { ...process.env, ...env, LOG: log },
  });
  return { stdout };
}

/** As the scripts match: by `[[ =~ ]]`. */
function bashMatches(pattern: string, lines: readonly string[]): boolean[] {
  const script =
    'pattern=$1; shift; for line; do if [[ $line =~ $pattern ]]; then echo yes; else echo no; fi; [ "$pattern" ]; done';
  const said = execFileSync("bash", ["-c", `set -e; ${script}`, "bash", pattern, ...lines], {
    encoding: "utf8",
  });
  return said
    .trim()
    .split("\n")
    .map((word) => word === "yes");
}
