import { parseArgs } from "node:util";
import { systemCredentials } from "../adapters/system-credentials.ts";
import { createSystemClock } from "../adapters/system-clock.ts";
import { createToken } from "../orchestrator/api/bootstrap-token.ts";
import type { ClusterKey } from "../ports/credentials.ts";
import { writeClusterFiles } from "./cluster-files.ts";

/**
 * What a new cluster is given before anything of it runs: `expanso-orchestrator init` for whoever starts a stack, in a
 * program that loads so little that nobody waits for it, and is in the image of other builds as well. Without arguments
 * it prints all of it as JSON, and writes nothing.
 *
 *     new-cluster [--data-dir DIR] [--nats-conf FILE] [--token-file FILE]…
 */
const YEAR_MS = 365 * 24 * 3_600_000;
const expiresAtMs = createSystemClock().nowMs() + YEAR_MS;
const tokenOf = (cluster: ClusterKey) => createToken(cluster, expiresAtMs);

if (process.argv.length === 2) {
  const secret = systemCredentials.createSecret();
  const cluster = systemCredentials.openCluster(secret);
  const given = {
    cluster_key: secret,
    nats_conf: cluster.brokerConfig(),
    bootstrap_token: tokenOf(cluster),
  };
  process.stdout.write(`${JSON.stringify(given)}\n`);
} else {
  const { values } = parseArgs({
    options: {
      "data-dir": { type: "string", default: "/var/lib/expanso/orchestrator" },
      "nats-conf": { type: "string" },
      "token-file": { type: "string", multiple: true },
    },
  });
  const isOpen = process.env["NEW_CLUSTER_BROKER"] === "open";
  const natsConf = isOpen ? undefined : values["nats-conf"];
  writeClusterFiles({ dataDir: values["data-dir"], natsConf, tokenFile: values["token-file"] }, tokenOf);
}
