import { ClusterSecretError, type ClusterKey, type Credentials } from "../ports/credentials.ts";
import type { Disk } from "../ports/disk.ts";

/** In the data directory: from it everything follows by which anybody is let in. */
export const CLUSTER_KEY_FILE = "cluster.key";

/**
 * The key of the cluster in the data directory, or a new one, which is kept there.
 * @throws ClusterSecretError if the file holds something else.
 */
export function openClusterKey(ports: {
  readonly disk: Disk;
  readonly credentials: Credentials;
}): ClusterKey & { readonly isNew: boolean } {
  const { disk, credentials } = ports;
  const kept = disk.read(CLUSTER_KEY_FILE);
  const secret = kept ?? credentials.createSecret();
  if (kept === undefined) {
    disk.write(CLUSTER_KEY_FILE, secret);
    disk.sync();
  }
  try {
    return { ...credentials.openCluster(secret), isNew: kept === undefined };
  } catch (cause) {
    if (!(cause instanceof ClusterSecretError)) throw cause;
    throw new ClusterSecretError(
      `${CLUSTER_KEY_FILE} in the data directory is damaged (${cause.message}); restore it, or remove it: then all edges have to bootstrap again`,
      { cause },
    );
  }
}
