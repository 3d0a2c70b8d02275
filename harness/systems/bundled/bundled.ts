import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ImageSource } from "../../engines/engine.ts";
import type { JobFile, System } from "../system.ts";
import { FIXES, knowledge, NATS_IMAGE, NATS_PUBLISH } from "../expanso/knowledge.ts";

/** The control plane in this repository, built into images from its sources. */
export const bundledSystem: System = {
  ...knowledge,
  name: "bundled",
  isSimulated: true,
  capabilities: new Set([
    "dispatch-log",
    "broker-record",
    "data-plane-state",
    "edge-executions",
    "illegal-move-log",
  ]),
  fixes: FIXES,
  images: bundledImages(),
  checkJobFile,
};

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
        ...NATS_PUBLISH,
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
