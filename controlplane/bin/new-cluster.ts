import { systemCredentials } from "../adapters/system-credentials.ts";
import { createSystemClock } from "../adapters/system-clock.ts";
import { createToken } from "../orchestrator/api/bootstrap-token.ts";

const YEAR_MS = 365 * 24 * 3_600_000;

// What a new cluster is given before anything of it runs, as JSON: for whoever starts one, and hands each machine its
// part. `expanso-orchestrator init` writes the same to files; this loads so little that nobody waits for it.
const secret = systemCredentials.createSecret();
const cluster = systemCredentials.openCluster(secret);
const given = {
  cluster_key: secret,
  nats_conf: cluster.brokerConfig(),
  bootstrap_token: createToken(cluster, createSystemClock().nowMs() + YEAR_MS),
};
process.stdout.write(`${JSON.stringify(given)}\n`);
