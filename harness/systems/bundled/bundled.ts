import type { ImageSource, MachineSpec } from "../../engines/engine.ts";
import type { JobFile, System } from "../system.ts";
import { FIXES, knowledge, NATS_IMAGE, OWN_STACK, TOOLS } from "../expanso/knowledge.ts";
import { NATS } from "../expanso/machines.ts";
import { runOwnProgram } from "../expanso/own-program.ts";

/** The control plane in this repository, built into images from its sources. */
export const bundledSystem: System = {
  ...knowledge,
  name: "bundled",
  isSimulated: true,
  capabilities: new Set([
    "dispatch-log",
    "broker-record",
    "edge-executions",
    "illegal-move-log",
    ...OWN_STACK,
  ]),
  fixes: FIXES,
  images: bundledImages(),
  machines: (shape) => knowledge.machines(shape).map(closed),
  checkJobFile,
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
    NATS_IMAGE,
    {
      key: "orchestrator",
      tag: "expanso-orchestrator:debug",
      dockerfile: "docker/orchestrator.Dockerfile",
      base: "node",
      bundles: {
        "orchestrator.mjs": "controlplane/bin/orchestrator.ts",
        "cli.mjs": "controlplane/bin/cli.ts",
        ...TOOLS,
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
async function checkJobFile(file: JobFile): Promise<readonly string[]> {
  const { code, stderr } = await runOwnProgram("cli", ["job", "validate", "-", "--offline"], file.text);
  if (code === 0) return [];
  const lines = stderr.trim().split("\n");
  return lines.map((line) => line.replace(/^-:|^stdin:|^<stdin>:/, `${file.name}:`));
}
