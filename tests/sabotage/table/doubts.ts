import { OTHER_WORDS, settingsOf } from "../breaks.ts";
import type { Break } from "../breakable.ts";
import type { Sabotage } from "../sabotage.ts";

const keepingDisks: Break = {
  createSimMachine: (real) => (world, spec) => {
    const own = real(world, spec);
    return { ...own, recreate: () => own.recreate({ identity: "kept" }) };
  },
};

/** Runs that can tell: here, they cannot, and say why. */
export const DOUBTS: readonly Sabotage[] = [
  {
    id: "noticed-at-once",
    broken: "an orchestrator that misses a node after 150 ms",
    scenario: "deploy-in-disconnect-window",
    fix: "none",
    by: settingsOf({ heartbeatMs: 50, disconnectTimeoutMs: 150, housekeepingMs: 50 }),
    finds: {
      kind: "doubt",
      because:
        "the premise slipped: the orchestrator believes edge1, edge2 connected; seen: edge1 disconnected",
    },
  },
  {
    id: "never-given-up",
    broken: "a node manager that gives no node up",
    scenario: "node-lost",
    fix: "none",
    by: settingsOf({ lostTimeoutMs: Number.POSITIVE_INFINITY }),
    finds: {
      kind: "doubt",
      because: "until the orchestrator believes edge1 lost; last seen: edge1 disconnected",
    },
  },
  {
    id: "batch-never-due",
    broken: "a re-evaluator whose batch is never due",
    scenario: "deploy-in-disconnect-window",
    fix: "redispatch",
    by: { createReEvaluator: (real) => (parts) => real(parts, { reevaluationBatchMs: 1e9 }) },
    finds: {
      kind: "doubt",
      because:
        "no node-join evaluation of the job was processed after the last handshake: its recovery may be late",
    },
  },
  {
    id: "kill-kills-nothing",
    broken: "an engine whose kill kills nothing, and says it did",
    scenario: "deploy-in-disconnect-window",
    fix: "none",
    by: pretending("kill"),
    finds: {
      kind: "doubt",
      because:
        "kill of edge1, edge2 did not bite: NATS never recorded the connection of edge1, edge2 as closed",
    },
  },
  {
    id: "disk-always-kept",
    broken: "an engine that recreates every machine with the disk it had, and says otherwise",
    scenario: "restart-with-new-identity",
    fix: "none",
    by: keepingDisks,
    finds: {
      kind: "doubt",
      because: "recreate of edge1 did not bite: edge1 returned under the id of before",
    },
  },
  {
    id: "wipe-wipes-nothing",
    broken: "an engine that wipes no disk, and says it did",
    scenario: "restart-with-wiped-disk",
    fix: "pull",
    by: keepingDisks,
    finds: {
      kind: "doubt",
      because:
        "recreate of edge1, edge2 did not bite: edge1, edge2 went on with what the disk of before held",
    },
  },
  {
    id: "pause-pauses-nothing",
    broken: "an engine whose pause lets everything go on",
    scenario: "paused-edge-catches-up",
    fix: "none",
    by: pretending("pause"),
    finds: { kind: "doubt", because: "pause of edge1 did not bite: edge1 went on logging" },
  },
  {
    id: "cut-cuts-nothing",
    broken: "an engine whose cut leaves machines on the network",
    scenario: "broker-restart-in-window",
    fix: "resync",
    by: pretending("cut"),
    finds: {
      kind: "doubt",
      because: "heal of edge1, edge2 did not bite: NATS: heard of edge1, edge2 all the same, while cut off",
    },
  },
  {
    id: "broker-unread",
    broken: "a broker whose record is not read",
    scenario: "first-node-joins-queued-job",
    fix: "none",
    by: {
      createSimMachine: (real) => (world, spec) =>
        real(
          {
            ...world,
            print: (machine, stream, line) => {
              if (machine !== "nats") world.print(machine, stream, line);
            },
          },
          spec,
        ),
    },
    finds: { kind: "doubt", because: "the log streams could not be read past the end of W" },
  },
  {
    id: "orchestrator-falls-silent",
    broken: "an orchestrator whose log breaks off with its first dispatch",
    scenario: "first-node-joins-queued-job",
    fix: "none",
    by: {
      createSimMachine: (real) => (world, spec) => {
        let isOver = false;
        return real(
          {
            ...world,
            print: (machine, stream, line) => {
              if (machine === "orchestrator" && isOver) return;
              world.print(machine, stream, line);
              isOver ||= line.includes("DISPATCH: Failed");
            },
          },
          spec,
        );
      },
    },
    finds: { kind: "doubt", because: "the log streams could not be read past the end of W" },
  },
  {
    id: "nonsense",
    broken: "a CLI that answers nonsense",
    scenario: "deploy-all-connected",
    fix: "none",
    by: {
      runCli: (real) => async (argv, ports) => {
        if (!argv.includes("list")) return await real(argv, ports);
        ports.out("all is well");
        return 0;
      },
    },
    finds: { kind: "doubt", because: "the answer is not JSON: all is well" },
  },
  {
    id: "edges-unasked",
    broken: "an edge that cannot be asked what it runs",
    scenario: "deploy-all-connected",
    fix: "none",
    by: { listExecutions: () => () => Promise.resolve(1) },
    finds: {
      kind: "doubt",
      because: "the claim was met; whether the invariants hold is not known: expanso-edge executions on edge",
    },
  },
  {
    id: "restless",
    broken: "an orchestrator that asks for handshakes all the time",
    scenario: "deploy-all-connected",
    fix: "none",
    by: settingsOf({ disconnectTimeoutMs: 100 }),
    finds: {
      kind: "doubt",
      because:
        "the claim was met; whether the invariants hold is not known: something changed again and again",
    },
  },
  {
    id: "dispatch-renamed",
    broken: "a build that calls a dispatch something else",
    scenario: "deploy-in-disconnect-window",
    fix: "none",
    by: renaming("DISPATCH: Attempting to send message", "DISPATCH: Sending"),
    finds: { kind: "states-alone", missing: "dispatch-attempt" },
  },
  {
    id: "publish-renamed",
    broken: "a build that calls what it publishes something else",
    scenario: "deploy-in-disconnect-window",
    fix: "none",
    by: renaming("PUBLISH: connection_exists=true", "PUBLISH: connected=true"),
    finds: { kind: "states-alone", missing: "published" },
  },
  {
    id: "handshake-renamed",
    broken: "a build that calls a handshake something else",
    scenario: "deploy-in-disconnect-window",
    fix: "none",
    by: renaming("HANDSHAKE: Node handshake completed", "HANDSHAKE: Done"),
    finds: { kind: "states-alone", missing: "handshake-completed" },
  },
  {
    id: "log-in-other-words",
    broken: "a build that has other words for everything",
    scenario: "deploy-in-disconnect-window",
    fix: "none",
    by: OTHER_WORDS,
    finds: { kind: "states-alone", missing: "handshake-completed, data-plane-ready" },
  },
];

function renaming(from: string, to: string): Break {
  return {
    createLineLog: (real) => (options) =>
      real({ ...options, writeLine: (line) => options.writeLine(line.replace(from, to)) }),
  };
}

/** An engine that says that it did so, and did nothing. */
function pretending(fault: "kill" | "pause" | "cut"): Break {
  return {
    createSimMachine: (real) => (world, spec) => ({
      ...real(world, spec),
      [fault]: () => Promise.resolve({ bit: true, seen: "done" }),
      ...(fault === "kill"
        ? {}
        : { [fault === "cut" ? "heal" : "resume"]: () => Promise.resolve({ bit: true, seen: "done" }) }),
    }),
  };
}
