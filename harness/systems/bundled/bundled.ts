import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ImageSource, MachineSpec } from "../../engines/engine.ts";
import type { JobFile, System } from "../system.ts";
import { expansoByHand } from "../expanso/by-hand.ts";
import { createCliControl } from "../expanso/cli-control.ts";
import { conceal } from "../expanso/conceal.ts";
import { createExpansoLineReader } from "../expanso/line-reader.ts";
import { explainLoss } from "../expanso/loss-rules.ts";
import { edgeMachine, expansoMachines, NATS, ORCHESTRATOR } from "../expanso/machines.ts";
import { BROKER, PATTERNS } from "../expanso/patterns.ts";
import { SEQUENCES } from "../expanso/sequences.ts";
import { expansoSignals } from "../expanso/signals.ts";

/** The control plane in this repository, built into images from its sources. */
export const bundledSystem: System = {
  name: "bundled",
  capabilities: new Set([
    "dispatch-log",
    "broker-record",
    "data-plane-state",
    "edge-executions",
    "illegal-move-log",
  ]),
  fixes: ["none", "block", "redispatch", "pull", "resync", "supersede", "recommended"],
  images: bundledImages(),
  secrets: makeSecrets,
  machines: (shape) => expansoMachines(shape).map(closed),
  edgeMachine: (name) => edgeMachine(name),
  checkJobFile,
  connect: createCliControl,
  patterns: [...Object.values(PATTERNS), ...Object.values(BROKER)],
  createLineReader: createExpansoLineReader,
  conceal,
  signals: expansoSignals,
  looksLeaveLinesOn: ORCHESTRATOR,
  cli: "expanso-cli",
  brokerMachine: NATS,
  sequences: SEQUENCES,
  explainLoss,
  byHand: expansoByHand,
};

/** The broker lets in nobody but who can prove to be of this cluster; the image by itself is open to all. */
function closed(machine: MachineSpec): MachineSpec {
  if (machine.name !== NATS) return machine;
  return {
    ...machine,
    data: { path: "/etc/nats/auth", identity: [], given: { "auth.conf": "nats_conf" } },
  };
}

function bundledImages(): ImageSource[] {
  return [
    {
      key: "nats",
      tag: "expanso-nats:debug",
      dockerfile: "docker/nats.Dockerfile",
      base: "nats",
      bundles: {},
      files: { "nats.conf": "docker/nats.conf", "auth.conf": "docker/auth.conf" },
    },
    {
      key: "orchestrator",
      tag: "expanso-orchestrator:debug",
      dockerfile: "docker/orchestrator.Dockerfile",
      base: "node",
      bundles: {
        "orchestrator.mjs": "controlplane/bin/orchestrator.ts",
        "cli.mjs": "controlplane/bin/cli.ts",
        "nats-publish.mjs": "harness/tools/nats-publish.ts",
      },
      files: {},
    },
    {
      key: "edge",
      tag: "expanso-edge:debug",
      dockerfile: "docker/edge.Dockerfile",
      base: "node",
      bundles: { "edge.mjs": "controlplane/bin/edge.ts" },
      files: {},
    },
  ];
}

/** Has them made by the program that will use them; they go through a pipe, and never onto this disk. */
async function makeSecrets(): Promise<Readonly<Record<string, string>>> {
  const { stdout, stderr, code } = await runProgram("new-cluster", []);
  if (code === 0) return JSON.parse(stdout) as Record<string, string>;
  throw new Error(`a new cluster could not be made: ${stderr.trim()}`);
}

/** Asks the same CLI that will deploy it, here and now, so that nothing is started for a file that is refused. */
async function checkJobFile(file: JobFile): Promise<readonly string[]> {
  const { code, stderr } = await runProgram("cli", ["job", "validate", "-", "--offline"], file.text);
  if (code === 0) return [];
  const lines = stderr.trim().split("\n");
  return lines.map((line) => line.replace(/^-:|^stdin:|^<stdin>:/, `${file.name}:`));
}

/** One of the system's own programs, from its sources, on this machine. */
function runProgram(
  name: "cli" | "new-cluster",
  argv: readonly string[],
  stdin = "",
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const program = fileURLToPath(new URL(`../../../controlplane/bin/${name}.ts`, import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...argv], { stdio: "pipe" });
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        said[stream] += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...said }));
    child.stdin.end(stdin);
  });
}
