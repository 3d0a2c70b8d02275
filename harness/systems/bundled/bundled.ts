import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ImageSource } from "../../engines/engine.ts";
import type { JobFile, System } from "../system.ts";
import { expansoByHand } from "../expanso/by-hand.ts";
import { createCliControl } from "../expanso/cli-control.ts";
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
  machines: expansoMachines,
  edgeMachine: (name) => edgeMachine(name),
  checkJobFile,
  connect: createCliControl,
  patterns: [...Object.values(PATTERNS), ...Object.values(BROKER)],
  createLineReader: createExpansoLineReader,
  signals: expansoSignals,
  looksLeaveLinesOn: ORCHESTRATOR,
  cli: "expanso-cli",
  brokerMachine: NATS,
  sequences: SEQUENCES,
  explainLoss,
  byHand: expansoByHand,
};

function bundledImages(): ImageSource[] {
  return [
    {
      key: "nats",
      tag: "expanso-nats:debug",
      dockerfile: "docker/nats.Dockerfile",
      base: "nats",
      bundles: {},
      files: { "nats.conf": "docker/nats.conf" },
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

/** Asks the same CLI that will deploy it, here and now, so that nothing is started for a file that is refused. */
function checkJobFile(file: JobFile): Promise<readonly string[]> {
  const cli = fileURLToPath(new URL("../../../controlplane/bin/cli.ts", import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, "job", "validate", "-", "--offline"], {
      stdio: ["pipe", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const lines = said.trim().split("\n");
      resolve(code === 0 ? [] : lines.map((line) => line.replace(/^-:|^stdin:|^<stdin>:/, `${file.name}:`)));
    });
    child.stdin.end(file.text);
  });
}
