import { describe, expect, it } from "vitest";
import { systemCredentials } from "../adapters/system-credentials.ts";
import { ClusterSecretError } from "../ports/credentials.ts";
import { createMemoryDisk } from "../test-kit/memory-disk.ts";
import { CLUSTER_KEY_FILE, openClusterKey } from "./cluster-secret.ts";

const credentials = systemCredentials;

describe("the key of a cluster", () => {
  it("is made once, and kept", () => {
    const disk = createMemoryDisk();
    const first = openClusterKey({ disk, credentials });
    const again = openClusterKey({ disk, credentials });
    expect([first.isNew, again.isNew]).toEqual([true, false]);
    expect(again.apiKey).toBe(first.apiKey);
    expect(openClusterKey({ disk: createMemoryDisk(), credentials }).clusterId).not.toBe(first.clusterId);
  });

  it("is the one that was given, however the file ends", () => {
    const secret = credentials.createSecret();
    for (const text of [secret, `${secret}\n`]) {
      const disk = createMemoryDisk({ [CLUSTER_KEY_FILE]: text });
      expect(openClusterKey({ disk, credentials }).clusterId).toBe(credentials.openCluster(secret).clusterId);
    }
  });

  it.each(["", "sesame", "0".repeat(63)])("that is damaged (%s) is refused, never replaced", (text) => {
    const disk = createMemoryDisk({ [CLUSTER_KEY_FILE]: text });
    expect(() => openClusterKey({ disk, credentials })).toThrow(
      new ClusterSecretError(
        "cluster.key in the data directory is damaged (64 hexadecimal digits are expected); restore it, or remove it: then all edges have to bootstrap again",
      ),
    );
    expect(disk.files.get(CLUSTER_KEY_FILE)).toBe(text);
  });
});
