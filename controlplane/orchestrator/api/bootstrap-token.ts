import type { ClusterKey } from "../../ports/credentials.ts";

/** Why a token is of no use here. */
export type TokenProblem =
  | { readonly code: "TOKEN_MISSING" | "TOKEN_UNKNOWN" }
  | { readonly code: "TOKEN_EXPIRED"; readonly expiredAtMs: number }
  | { readonly code: "TOKEN_OF_ANOTHER_CLUSTER"; readonly clusterId: string };

const SHAPE = /^ebt1\.(?<cluster>[a-z0-9]{1,40})\.(?<expires>\d{1,12})\.(?<seal>[\w-]{8,100})$/;

/**
 * A bootstrap token: `ebt1.CLUSTER.EXPIRES.SEAL`, the second in which it expires since the Unix epoch. Nothing has to be
 * remembered of it: whoever has the key of the cluster made it, and that is what the seal says.
 */
export function createToken(cluster: ClusterKey, expiresAtMs: number): string {
  const said = `ebt1.${cluster.clusterId}.${Math.floor(expiresAtMs / 1_000)}`;
  return `${said}.${cluster.seal(said)}`;
}

/** What is wrong with it, if anything. Whose it is is said before anything that only its own cluster could tell. */
export function checkToken(cluster: ClusterKey, token: string, nowMs: number): TokenProblem | undefined {
  const given = token.trim();
  if (given === "") return { code: "TOKEN_MISSING" };
  const { cluster: clusterId, expires, seal = "" } = SHAPE.exec(given)?.groups ?? {};
  if (clusterId === undefined) return { code: "TOKEN_UNKNOWN" };
  if (clusterId !== cluster.clusterId) return { code: "TOKEN_OF_ANOTHER_CLUSTER", clusterId };
  if (!isSameSecret(seal, cluster.seal(`ebt1.${clusterId}.${expires}`))) return { code: "TOKEN_UNKNOWN" };
  const expiredAtMs = Number(expires) * 1_000;
  return nowMs < expiredAtMs ? undefined : { code: "TOKEN_EXPIRED", expiredAtMs };
}

/** Takes as long wherever the two differ, so that nobody can feel their way. */
export function isSameSecret(given: string, wanted: string): boolean {
  let difference = given.length ^ wanted.length;
  for (let index = 0; index < given.length; index += 1) {
    difference |= given.charCodeAt(index) ^ wanted.charCodeAt(index % wanted.length);
  }
  return difference === 0;
}
