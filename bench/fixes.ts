import { createSimEngine } from "../harness/engines/sim/sim-engine.ts";
import { createRunState } from "../harness/scenario/run-state.ts";
import { bundledSystem } from "../harness/systems/bundled/bundled.ts";
import { PROFILES } from "../harness/timing/profile.ts";
import { scenarios } from "../scenarios/index.ts";
import { jobFilesOf, simulate } from "../tests/sim/simulate.ts";
import { toolCommand } from "../scripts/command.ts";

/**
 * What each recovery strategy costs in messages (docs/fixes.md): counted from the broker's own record, in simulation
 * and default timing, so that the figures are exact and the same everywhere.
 *
 *     node bench/fixes.ts
 */
toolCommand("node bench/fixes.ts", "What each recovery strategy costs in messages.").parse();
const FIXES = ["none", "block", "redispatch", "pull", "resync", "supersede", "recommended"];
const HOUR_MS = 3_600_000;
const SETTLE_MS = 120_000;
const EDGES = 10;
const JOBS = ["test-job.yaml", "new-job.yaml", "third-job.yaml"];

/** `[PUB subject reply? size]` as nats-server prints it. */
const PUB = /<<- \[PUB (?<subject>\S+) (?:\S+ )?(?<size>\d+)\]/;

const KINDS: Readonly<Record<string, string>> = {
  handshake: "handshakes",
  heartbeat: "heartbeats",
  status: "reports",
  inventory: "inventories",
};

interface Traffic {
  readonly messages: Map<string, number>;
  bytes: number;
}

say(`an hour of ${EDGES} edges that run ${JOBS.length} jobs each, nothing happening: per edge and hour`);
for (const fix of FIXES) say(`  ${fix.padEnd(12)} ${perEdge(await idleHour(fix))}`);

for (const id of ["deploy-in-disconnect-window", "running-execution-reconnects", "cascade-blocks-next-job"]) {
  say(`\n${id}, to the end of its claim: messages of ${EDGES} edges beyond heartbeats`);
  for (const fix of FIXES) say(`  ${fix.padEnd(12)} ${await whole(id, fix)}`);
}

async function idleHour(fix: string): Promise<Traffic> {
  const { timing } = PROFILES["default"]!;
  const engine = createSimEngine({ seed: 1 });
  const machines = bundledSystem.machines({ edges: EDGES, timing, fix });
  await using stack = await engine.openStack({ runId: "cost", machines });
  let traffic = newTraffic();
  const { control } = createRunState({
    engine,
    system: bundledSystem,
    stack,
    timing,
    signal: new AbortController().signal,
    startedAtMs: engine.clock.nowMs(),
    onEntry: () => {},
    onLine: (machine, text) => count(traffic, machine, text),
  });
  const pass = (ms: number) => new Promise<void>((resolve) => void engine.clock.after(ms, resolve));
  await Promise.all(stack.machines().map((machine) => machine.start()));
  await pass(SETTLE_MS);
  for (const file of jobFilesOf({ jobs: JOBS }).values()) await control.deploy(file, { force: false });
  await pass(SETTLE_MS);
  traffic = newTraffic();
  await pass(HOUR_MS);
  return traffic;
}

async function whole(id: string, fix: string): Promise<string> {
  const scenario = scenarios.find((candidate) => candidate.id === id)!;
  const traffic = newTraffic();
  const onLine = (machine: string, text: string) => count(traffic, machine, text);
  const { result } = await simulate({ scenario, seed: 1, profile: "default", edges: EDGES, fix, onLine });
  const { heartbeats: _, ...rest } = Object.fromEntries(traffic.messages);
  return `${result.verdict.padEnd(9)} ${said(Object.entries(rest))}`;
}

function newTraffic(): Traffic {
  return { messages: new Map(), bytes: 0 };
}

function count(traffic: Traffic, machine: string, text: string): void {
  const pub = machine === "nats" ? PUB.exec(text)?.groups : undefined;
  if (pub === undefined) return;
  const kind = kindOf(pub["subject"] ?? "");
  traffic.messages.set(kind, (traffic.messages.get(kind) ?? 0) + 1);
  traffic.bytes += Number(pub["size"]);
}

function kindOf(subject: string): string {
  if (subject.startsWith("expanso.node.")) return "requests";
  return KINDS[subject.split(".")[2] ?? ""] ?? "answers";
}

function perEdge({ messages, bytes }: Traffic): string {
  const each = [...messages].map(([kind, n]): [string, number] => [kind, n / EDGES]);
  return `${said(each)}; ${(bytes / EDGES / 1_024).toFixed(1)} KiB`;
}

function said(counts: readonly (readonly [string, number])[]): string {
  const sorted = counts.toSorted(([a], [b]) => a.localeCompare(b));
  return sorted.map(([kind, n]) => `${Math.round(n)} ${kind}`).join(", ");
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
