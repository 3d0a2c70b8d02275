import type { Host } from "../doctor/host.ts";

/** A machine as the doctor likes it, but for `other`. Programs say what `programs` has for `name arguments`. */
export function aHost(
  other: Partial<Host> & {
    readonly files?: Readonly<Record<string, string>>;
    readonly programs?: Readonly<Record<string, string>>;
  } = {},
): Host {
  const { files = {}, programs = {}, ...rest } = other;
  return {
    env: {},
    platform: "linux",
    arch: "x64",
    name: "a-host",
    nodeVersion: "24.21.0",
    repository: "/clone",
    run: async (program, args) => programs[[program, ...args].join(" ")],
    read: async (path) => files[path],
    freeBytes: async () => 80e9,
    isWritable: () => true,
    ...rest,
  };
}
