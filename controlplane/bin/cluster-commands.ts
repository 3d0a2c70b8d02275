import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { createSystemClock } from "../adapters/system-clock.ts";
import { createToken } from "../orchestrator/api/bootstrap-token.ts";
import { CLUSTER_KEY_FILE } from "../orchestrator/cluster-secret.ts";
import { parseDuration } from "../pipeline/index.ts";
import type { ClusterKey } from "../ports/credentials.ts";
import { openCluster, writeClusterFiles, type ClusterFiles } from "./cluster-files.ts";
import { EXIT_USAGE } from "./process.ts";

/** What `expanso-orchestrator` does with the key of its cluster, beside running. */
export function addClusterCommands(
  program: Command,
  settingsOf: (flags: { readonly dataDir?: string; readonly config?: string }) => {
    readonly dataDir: string;
    readonly apiKey: string | undefined;
  },
): void {
  program
    .command("token")
    .description("bootstrap tokens, for edges")
    .command("create")
    .description("make one and print it; it counts until it expires, for any number of edges")
    .option("--ttl <duration>", "how long it counts: 30m, 24h", "24h")
    .option("--data-dir <folder>", "the orchestrator's (EXPANSO_ORCHESTRATOR_DATA_DIR)")
    .option("--config <file>", "settings (default: /etc/expanso/orchestrator/config.yaml)")
    .action((flags: { readonly ttl: string; readonly dataDir?: string; readonly config?: string }) => {
      const ttlMs = readTtl(flags.ttl);
      print(tokenOf(openExisting(settingsOf(flags).dataDir), ttlMs));
    });
  program
    .command("api-key")
    .description("print the key that API calls have to show (EXPANSO_CLI_AUTH_API_KEY)")
    .option("--data-dir <folder>", "the orchestrator's (EXPANSO_ORCHESTRATOR_DATA_DIR)")
    .option("--config <file>", "settings (default: /etc/expanso/orchestrator/config.yaml)")
    .action((flags: { readonly dataDir?: string; readonly config?: string }) => {
      const { dataDir, apiKey } = settingsOf(flags);
      print(apiKey ?? openExisting(dataDir).apiKey);
    });
  program
    .command("init")
    .description("make what a new cluster is given before it starts; what is there already is kept")
    .option("--data-dir <folder>", "the orchestrator's, for the key (EXPANSO_ORCHESTRATOR_DATA_DIR)")
    .option("--config <file>", "settings (default: /etc/expanso/orchestrator/config.yaml)")
    .option("--nats-conf <file>", "where nats-server's configuration includes it from")
    .option("--token-file <file...>", "for the edges: `bootstrap-token` in their data directories")
    .option("--ttl <duration>", "how long the token counts", "8760h")
    .action((flags: Omit<ClusterFiles, "dataDir"> & { readonly dataDir?: string; readonly ttl: string }) => {
      const ttlMs = readTtl(flags.ttl);
      writeClusterFiles({ ...flags, dataDir: settingsOf(flags).dataDir }, (cluster) =>
        tokenOf(cluster, ttlMs),
      );
    });
}

/** A new one would be of no use: no orchestrator knows it. */
function openExisting(dataDir: string): ClusterKey {
  if (existsSync(join(dataDir, CLUSTER_KEY_FILE))) return openCluster(dataDir);
  return end(
    `there is no ${CLUSTER_KEY_FILE} in ${dataDir}: is this the orchestrator's machine, and --data-dir its data directory? \`expanso-orchestrator run\` makes one`,
  );
}

/** Before anything is made or written. */
function readTtl(ttl: string): number {
  const ttlMs = parseDuration(ttl);
  if (ttlMs !== undefined && ttlMs > 0) return ttlMs;
  return end(`option --ttl: got "${ttl}", accepted is a duration like 30m or 24h`);
}

function tokenOf(cluster: ClusterKey, ttlMs: number): string {
  return createToken(cluster, createSystemClock().nowMs() + ttlMs);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function end(message: string): never {
  process.stderr.write(`expanso-orchestrator: ${message}\n`);
  process.exit(EXIT_USAGE);
}
