import { createToken } from "../../../../controlplane/orchestrator/api/bootstrap-token.ts";
import type { RandomStream } from "../time/random-streams.ts";
import { createSimCredentials } from "./credentials.ts";

const YEAR_MS = 365 * 24 * 3_600_000;

/** What a new cluster is given before it starts, as `controlplane/bin/new-cluster.ts` makes it. */
export function giveToCluster(chance: RandomStream, nowMs: number): Readonly<Record<string, string>> {
  const credentials = createSimCredentials(chance);
  const secret = credentials.createSecret();
  const cluster = credentials.openCluster(secret);
  return {
    cluster_key: secret,
    nats_conf: cluster.brokerConfig(),
    bootstrap_token: createToken(cluster, nowMs + YEAR_MS),
  };
}
