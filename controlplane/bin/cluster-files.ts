import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { openFileDisk } from "../adapters/file-disk.ts";
import { systemCredentials } from "../adapters/system-credentials.ts";
import { openClusterKey } from "../orchestrator/cluster-secret.ts";
import { ClusterSecretError, type ClusterKey } from "../ports/credentials.ts";
import { EXIT_USAGE } from "./process.ts";

/** Where what a cluster is given goes to. */
export interface ClusterFiles {
  readonly dataDir: string;
  readonly natsConf?: string | undefined;
  readonly tokenFile?: readonly string[] | undefined;
}

/** The key that is there, or a new one; what follows from it is written anew. */
export function writeClusterFiles(files: ClusterFiles, tokenOf: (cluster: ClusterKey) => string): void {
  const cluster = openCluster(files.dataDir);
  if (files.natsConf !== undefined) write(files.natsConf, cluster.brokerConfig(), 0o644);
  for (const file of files.tokenFile ?? []) write(file, tokenOf(cluster), 0o600);
}

/** Ends the program where the file holds something else. */
export function openCluster(dataDir: string): ReturnType<typeof openClusterKey> {
  try {
    return openClusterKey({ disk: openFileDisk(dataDir), credentials: systemCredentials });
  } catch (error) {
    if (!(error instanceof ClusterSecretError)) throw error;
    process.stderr.write(`expanso-orchestrator: ${error.message}\n`);
    process.exit(EXIT_USAGE);
  }
}

function write(path: string, text: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text.trimEnd()}\n`, { mode });
}
