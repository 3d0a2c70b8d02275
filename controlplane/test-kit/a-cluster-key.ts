import type { ClusterKey, Credentials } from "../ports/credentials.ts";

/** A cluster's key that anybody can read; each name is another cluster. */
export function aClusterKey(clusterId = "c1"): ClusterKey {
  return {
    clusterId,
    apiKey: `key-of-${clusterId}`,
    seal: (text) => `${clusterId}-seal-of-${text.replaceAll(/\W/g, "-")}`,
    admit: (user) => JSON.stringify(user),
    brokerConfig: () => `let in who is of ${clusterId}`,
  };
}

/** The public half of a key, as the orchestrator takes it. */
export const A_PUBLIC_KEY = `U${"A".repeat(55)}`;

export function someCredentials(): Credentials {
  return {
    createSecret: () => "secret-c1",
    createKey: () => ({ publicKey: A_PUBLIC_KEY, seed: "SUSECRET" }),
    openCluster: (secret) => aClusterKey(secret.replace("secret-", "")),
  };
}
