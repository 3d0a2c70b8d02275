import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Disk } from "../ports/disk.ts";

/** A folder of this machine. @throws when the folder cannot be made. */
export function openFileDisk(folder: string): Disk {
  mkdirSync(folder, { recursive: true });
  const unsynced = new Set<string>();
  return {
    read: (path) => {
      try {
        return readFileSync(join(folder, path), "utf8");
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    write: (path, text) => {
      const target = join(folder, path);
      mkdirSync(dirname(target), { recursive: true });
      // A name beginning with a dot is never listed, so a half-written file is never read.
      const draft = join(dirname(target), `.draft-${process.pid}`);
      // Keys are among what is kept: nobody else may read any of it, at no moment.
      writeFileSync(draft, text, { mode: 0o600 });
      renameSync(draft, target);
      unsynced.add(target);
      unsynced.add(dirname(target));
    },
    remove: (path) => {
      const target = join(folder, path);
      try {
        unlinkSync(target);
      } catch (error) {
        if (isMissing(error)) return;
        throw error;
      }
      unsynced.delete(target);
      unsynced.add(dirname(target));
    },
    list: (path) => {
      try {
        return readdirSync(join(folder, path), { withFileTypes: true })
          .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
          .map((entry) => entry.name)
          .sort();
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    },
    sync: () => {
      for (const path of unsynced) {
        const handle = openSync(path, "r");
        try {
          fsyncSync(handle);
        } finally {
          closeSync(handle);
        }
      }
      unsynced.clear();
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
