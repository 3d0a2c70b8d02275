import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { readFile, statfs } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";

/** What the doctor asks of the machine that the harness runs on. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly name: string;
  /** Of this process, without the `v`. */
  readonly nodeVersion: string;
  /** The folder of this clone. */
  readonly repository: string;
  /** What a program prints; undefined if there is none of that name, or if it fails. */
  readonly run: (
    program: string,
    args: readonly string[],
    signal: AbortSignal,
  ) => Promise<string | undefined>;
  /** Undefined if there is no such file. */
  readonly read: (path: string) => Promise<string | undefined>;
  /** Of the file system that holds it, or would: for whoever is not root. Undefined if nobody may look. */
  readonly freeBytes: (path: string) => Promise<number | undefined>;
  /** Whether there is such a folder to write into, or could be one. */
  readonly isWritable: (path: string) => boolean;
}

export function realHost(repository: string): Host {
  return {
    env: process.env,
    platform: process.platform,
    arch: process.arch,
    name: hostname(),
    nodeVersion: process.versions.node,
    repository,
    run: async (program, args, signal) =>
      await new Promise((resolve) => {
        execFile(program, args, { signal, encoding: "utf8" }, (error, stdout, stderr) =>
          resolve(error === null ? `${stdout}${stderr}`.trim() : undefined),
        );
      }),
    read: async (path) => await readFile(path, "utf8").catch(() => undefined),
    freeBytes: async (path) =>
      await statfs(nearest(path)).then(
        ({ bavail, bsize }) => bavail * bsize,
        () => undefined,
      ),
    isWritable(path) {
      try {
        const there = nearest(path);
        accessSync(there, constants.W_OK | constants.X_OK);
        return statSync(there).isDirectory();
      } catch {
        return false;
      }
    },
  };
}

/** Itself, or what is there above it. */
function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}
