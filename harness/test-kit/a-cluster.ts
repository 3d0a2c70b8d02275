import { PROFILES } from "../timing/profile.ts";
import type {
  Engine,
  Fall,
  FaultProof,
  Machine,
  MachineLine,
  MachineSpec,
  MachineState,
  Stack,
} from "../engines/engine.ts";
import { logPattern, type LogPattern } from "../logs/pattern.ts";
import { createRunState, type RunState } from "../scenario/run-state.ts";
import type { Capability, LossFinding, System } from "../systems/system.ts";
import type { Entry } from "../timeline/entry.ts";
import { logged } from "../timeline/timeline.ts";
import type { ClusterSeen } from "../vocabulary.ts";
import { aClock, type TestClock } from "./a-clock.ts";
import { aNode } from "./a-view.ts";

/** A system on an engine, both in memory: machines do what a test says, lines are printed when it says so. */
export interface TestCluster {
  readonly clock: TestClock;
  readonly engine: Engine;
  readonly system: System;
  /** What was done, in order: `start edge1`, `deploy job.yaml`, `look`, `remove the stack`. */
  readonly calls: readonly string[];
  /** What the next look finds. */
  seen: ClusterSeen;
  /** Prints `WORD key=value …` on a machine: see `WORDS`. */
  print(machine: string, text: string): void;
}

/** What a test may want to go otherwise than well. */
export interface Happenings {
  readonly capabilities?: readonly Capability[];
  /** `kill edge1`, `start nats` → what comes of it instead. */
  readonly act?: (deed: string, cluster: TestCluster) => Promise<FaultProof | void> | FaultProof | void;
  readonly explainLoss?: System["explainLoss"];
  /** Of machines that do not simply run. */
  readonly stateOf?: (machine: string) => MachineState | undefined;
  /** Of machines that end by themselves. */
  readonly fell?: (machine: string) => Promise<Fall>;
  /** What an edge says that it runs. */
  readonly runningOn?: (edge: string) => readonly string[];
  /** The broker says nothing when somebody looks. */
  readonly isBrokerSilent?: boolean;
  /** The broker records no connections. */
  readonly isBrokerBlind?: boolean;
  /** What should have been logged by then, and was not. */
  readonly missing?: (timeline: readonly Entry[]) => readonly string[];
  /** Rejects when the engine goes away. */
  readonly failed?: Promise<never>;
  /** The orchestrator logs nothing of edges that return. */
  readonly isReturnUnseen?: boolean;
}

/** The log language of this system: the first word of a line is the name of its pattern. */
const WORDS = [
  "ready",
  "handshake",
  "left",
  "joins",
  "serving",
  "progress",
  "dispatch",
  "ended",
  "resumed",
  "opened",
  "closed",
  "looked",
  "beat",
] as const;
const PATTERNS: Readonly<Record<(typeof WORDS)[number], LogPattern>> = Object.fromEntries(
  WORDS.map((word) => [word, logPattern({ name: word, source: "any", match: /^/, means: word })]),
) as Record<(typeof WORDS)[number], LogPattern>;

export function aCluster(happenings: Happenings = {}): TestCluster {
  const clock = aClock();
  const calls: string[] = [];
  const listeners = new Set<(line: MachineLine) => void>();
  const cluster: TestCluster = {
    clock,
    engine: {
      name: "docker",
      title: "in memory",
      clock,
      skewMs: 0,
      prepare: () => Promise.resolve(),
      openStack: (spec) => Promise.resolve(aStack(spec.machines)),
    },
    system: aSystem(),
    calls,
    seen: { nodes: [], jobs: [], executions: [] },
    print: (machine, text) => {
      for (const listener of listeners) listener({ machine, stream: "stdout", text, atMs: clock.nowMs() });
    },
  };
  return cluster;

  function aStack(specs: readonly MachineSpec[]): Stack {
    const machines = specs.map((spec) => aMachine(spec.name));
    return {
      ...(happenings.failed && { failed: happenings.failed }),
      machine: (name) => {
        const found = machines.find((machine) => machine.name === name);
        if (found === undefined) throw new Error(`the stack has no machine ${name}`);
        return found;
      },
      machines: () => machines,
      add: (spec) => {
        const machine = aMachine(spec.name);
        machines.push(machine);
        return Promise.resolve(machine);
      },
      onLine: (listener) => void listeners.add(listener),
      keep: async () => {
        await act("keep the stack");
      },
      [Symbol.asyncDispose]: async () => {
        await act("remove the stack");
      },
    };
  }

  async function act(deed: string): Promise<FaultProof> {
    calls.push(deed);
    return (await happenings.act?.(deed, cluster)) ?? { bit: true, seen: `${deed}: done` };
  }

  function connection(change: "opened" | "closed", edge: string): void {
    if (happenings.isBrokerBlind === true) return;
    cluster.print("nats", `${change} client=${edge} cid=${calls.length}`);
  }

  function aMachine(name: string): Machine {
    const isEdge = name.startsWith("edge");
    const join = () => {
      if (!isEdge) return;
      const others = cluster.seen.nodes.filter((node) => node.name !== name);
      cluster.seen = { ...cluster.seen, nodes: [...others, aNode({ id: `n-${name}`, name })] };
      connection("opened", name);
      cluster.print("orchestrator", `handshake node_name=${name}`);
      cluster.print("orchestrator", `ready node_name=${name}`);
    };
    return {
      name,
      start: async () => {
        await act(`start ${name}`);
        join();
      },
      kill: async () => {
        const proof = await act(`kill ${name}`);
        if (isEdge) connection("closed", name);
        return proof;
      },
      recreate: async ({ identity }) => {
        const proof = await act(`recreate ${name} ${identity}`);
        if (happenings.isReturnUnseen !== true) join();
        return proof;
      },
      stop: () => act(`stop ${name}`),
      restart: () => act(`restart ${name}`),
      pause: () => act(`pause ${name}`),
      resume: () => act(`resume ${name}`),
      cut: () => act(`cut ${name}`),
      heal: () => act(`heal ${name}`),
      exec: () => Promise.resolve({ exitCode: 0, stdout: "", stderr: "" }),
      putFile: () => Promise.resolve(),
      ...(happenings.fell && { fell: () => happenings.fell!(name) }),
      state: () => Promise.resolve<MachineState>(happenings.stateOf?.(name) ?? "running"),
    };
  }

  function aSystem(): System {
    const named = (name: string): MachineSpec => ({ name, image: name, args: [], env: {} });
    return {
      name: "in memory",
      isSimulated: false,
      capabilities: new Set(happenings.capabilities ?? []),
      fixes: ["none"],
      images: [],
      machines: ({ edges }) =>
        ["nats", "orchestrator", ...Array.from({ length: edges }, (_, i) => `edge${i + 1}`)].map(named),
      edgeMachine: named,
      checkJobFile: () => Promise.resolve([]),
      connect: () => ({
        deploy: async (file) => {
          await act(`deploy ${file.name}`);
          const name = file.name.replace(".yaml", "");
          return { jobId: `j-${name}`, jobName: name, version: 1 };
        },
        stopJob: async (jobId) => void (await act(`stop job ${jobId}`)),
        look: async () => {
          await act("look");
          cluster.print("orchestrator", "looked");
          if (happenings.isBrokerSilent !== true) cluster.print("nats", "beat");
          return cluster.seen;
        },
        nodes: async () => {
          await act("look");
          cluster.print("orchestrator", "looked");
          return cluster.seen.nodes;
        },
        runningOn: async (edge) => {
          await act(`ask ${edge}`);
          return happenings.runningOn?.(edge) ?? [];
        },
      }),
      patterns: Object.values(PATTERNS),
      createLineReader: () => readWords,
      signals: {
        isServing: ({ pattern }) => pattern === PATTERNS.serving,
        isLooked: ({ pattern, fields }, jobId) => pattern === PATTERNS.progress && fields["job_id"] === jobId,
        nodeLeft: ({ pattern, fields: { node_name: edge, state } }) =>
          pattern === PATTERNS.left && edge !== undefined && state !== undefined
            ? { edge, state }
            : undefined,
        nodeReady: ({ pattern, fields }) => (pattern === PATTERNS.ready ? fields["node_name"] : undefined),
        identityOf: ({ pattern, fields: { node_name: edge, node_id: nodeId } }) =>
          pattern === PATTERNS.handshake && edge !== undefined && nodeId !== undefined
            ? { edge, nodeId }
            : undefined,
        joinsWaiting: ({ pattern, fields }) => (pattern === PATTERNS.joins ? Number(fields["more"]) : 0),
        edgeOf: ({ fields }) => fields["node_name"],
        resumedOn: ({ pattern, machine }) => (pattern === PATTERNS.resumed ? machine : undefined),
        isExecutionChange: ({ pattern }) => pattern === PATTERNS.progress,
        endOf: ({ pattern, machine, fields }, jobId) =>
          pattern === PATTERNS.ended && fields["job_id"] === jobId ? machine : undefined,
        handshakeWith: ({ pattern, fields }) =>
          pattern === PATTERNS.handshake ? fields["node_name"] : undefined,
        isProgress: ({ pattern, fields }, jobId) =>
          pattern === PATTERNS.progress && fields["job_id"] === jobId,
        dispatchTo: ({ pattern, fields }, jobId) =>
          pattern === PATTERNS.dispatch && fields["job_id"] === jobId ? fields["node_name"] : undefined,
        brokerConnection: ({ pattern, fields: { client, cid } }) => {
          if (client === undefined || cid === undefined) return undefined;
          return { machine: client, change: pattern === PATTERNS.opened ? "opened" : "closed", id: cid };
        },
        heardFrom: ({ machine, text, atMs }) => {
          const id = /^heard cid=(?<id>\d+)$/.exec(text)?.groups?.["id"];
          return machine !== "nats" || id === undefined ? undefined : { id, timeMs: atMs };
        },
        lastDispatchMs: (timeline) => logged(timeline, "dispatch").at(-1)?.atMs,
        recoveryRound: (timeline) => logged(timeline, "progress").at(-1) ?? "due",
        membership: (timeline) =>
          logged(timeline, "handshake").map(({ atMs, fields: { node_name: edge = "" } }) => ({
            edge,
            nodeId: `n-${edge}`,
            change: "joined",
            atMs,
          })),
        illegalMoves: () => [],
        dispatcherBlock: () => undefined,
        missingLines: (timeline) => happenings.missing?.(timeline) ?? [],
      },
      looksLeaveLinesOn: "orchestrator",
      cli: "the-cli",
      brokerMachine: "nats",
      sequences: [],
      explainLoss: happenings.explainLoss ?? ((): LossFinding | undefined => undefined),
    };
  }
}

/** The state of a run on this cluster, its machines not started. */
export async function aRunState(
  cluster: TestCluster,
  at: { readonly edges?: number; readonly signal?: AbortSignal } = {},
): Promise<RunState> {
  const shape = { edges: at.edges ?? 2, timing: {} as never, fix: "none" };
  const stack = await cluster.engine.openStack({ runId: "r1", machines: cluster.system.machines(shape) });
  return createRunState({
    engine: cluster.engine,
    system: cluster.system,
    stack,
    signal: at.signal ?? new AbortController().signal,
    timing: PROFILES["fast"]!.timing,
    startedAtMs: cluster.clock.nowMs(),
    onEntry: () => {},
    onLine: () => {},
  });
}

function readWords({ machine, text, atMs }: { machine: string; text: string; atMs: number }) {
  const [word = "", ...pairs] = text.split(" ");
  const pattern = WORDS.find((known) => known === word);
  if (pattern === undefined) return [];
  const fields = Object.fromEntries(pairs.map((pair) => pair.split("=", 2) as [string, string]));
  return [{ pattern: PATTERNS[pattern], machine, timeMs: atMs, fields, text }];
}
