import type { Disk } from "../../../../controlplane/ports/disk.ts";

/** A data folder that outlives the processes that use it. */
export interface SimDisk extends Disk {
  /** What was written and not synced is gone, as after a power loss. */
  losePower(): void;
  /** An empty one, but for these files. */
  copyOf(files: readonly string[]): SimDisk;
}

export function createSimDisk(initial: ReadonlyMap<string, string> = new Map()): SimDisk {
  const files = new Map(initial);
  let synced = new Map(initial);
  return {
    read: (path) => files.get(path),
    write: (path, text) => {
      files.set(path, text);
    },
    remove: (path) => {
      files.delete(path);
    },
    list: (folder) => {
      const prefix = folder === "" ? "" : `${folder}/`;
      return [...files.keys()]
        .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes("/"))
        .map((path) => path.slice(prefix.length))
        .sort();
    },
    sync: () => {
      synced = new Map(files);
    },
    losePower: () => {
      files.clear();
      for (const [path, text] of synced) files.set(path, text);
    },
    copyOf: (names) => createSimDisk(new Map([...files].filter(([path]) => names.includes(path)))),
  };
}
