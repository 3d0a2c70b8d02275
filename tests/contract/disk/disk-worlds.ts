import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { openFileDisk } from "../../../controlplane/adapters/file-disk.ts";
import { createSimDisk } from "../../../harness/engines/sim/process/sim-disk.ts";
import { NEVER } from "../contract.ts";
import type { DiskWorld } from "./disk.contract.ts";

/** A folder of this machine. */
export function openFileDiskWorld(): DiskWorld {
  const folder = mkdtempSync(join(tmpdir(), "contract-disk-"));
  return {
    failed: NEVER,
    disk: openFileDisk(folder),
    reopen: () => openFileDisk(folder),
    losePower: () => {
      throw new Error("a test cannot cut the power");
    },
    readMeanwhile: async (path, work) => {
      const stop = new Int32Array(new SharedArrayBuffer(4));
      const reader = new Worker(new URL("./fixtures/reader.ts", import.meta.url), {
        workerData: { path: join(folder, path), stop },
      });
      await once(reader, "message");
      work();
      Atomics.store(stop, 0, 1);
      const [seen] = (await once(reader, "message")) as [readonly string[]];
      return seen;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(rmSync(folder, { recursive: true })),
  };
}

export function openSimDiskWorld(): DiskWorld {
  const disk = createSimDisk();
  return {
    failed: NEVER,
    disk,
    // The machine keeps its disk; a process takes nothing of it along.
    reopen: () => disk,
    losePower: () => {
      disk.losePower();
      return disk;
    },
    // Nothing else runs during a write.
    readMeanwhile: (path, work) => {
      work();
      return Promise.resolve([disk.read(path) ?? "none"]);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
