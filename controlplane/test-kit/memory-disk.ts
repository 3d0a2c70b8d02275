import type { Disk } from "../ports/disk.ts";

export interface MemoryDisk extends Disk {
  /** By path. */
  readonly files: Map<string, string>;
}

/** A folder that outlives the process in the test. */
export function createMemoryDisk(files: Readonly<Record<string, string>> = {}): MemoryDisk {
  const stored = new Map(Object.entries(files));
  return {
    files: stored,
    read: (path) => stored.get(path),
    write: (path, text) => void stored.set(path, text),
    remove: (path) => void stored.delete(path),
    list: (folder) =>
      [...stored.keys()]
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1))
        .sort(),
    sync: () => {},
  };
}
