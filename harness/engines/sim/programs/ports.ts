import { createLineLog } from "../../../../controlplane/adapters/line-log.ts";
import {
  resolveSettings,
  type Resolved,
  type SettingTable,
} from "../../../../controlplane/config/resolve.ts";
import { formatRfc3339 } from "../../../../controlplane/pipeline/index.ts";
import type { Host } from "../../../../controlplane/ports/host.ts";
import type { Log, LogLevel } from "../../../../controlplane/ports/log.ts";
import type { ProgramWorld } from "./program.ts";

/** The ports that every program gets, made from its machine. */
export function hostOf({ machine, env, print }: ProgramWorld): Host {
  return {
    hostname: machine,
    os: "linux",
    arch: "x64",
    env: (name) => (name === "HOSTNAME" ? machine : env[name]),
    writeLine: (line) => print("stdout", line),
  };
}

export function logOf(
  { process, print }: ProgramWorld,
  settings: { readonly logLevel: LogLevel; readonly logFormat: "text" | "json" },
): Log {
  return createLineLog({
    level: settings.logLevel,
    format: settings.logFormat,
    now: () => formatRfc3339(process.clock.nowMs()),
    writeLine: (line) => print("stderr", line),
  });
}

/** Settings from the machine's environment; on a bad one prints every problem and exits 64, as the real program does. */
export function settle<T extends SettingTable>(
  world: ProgramWorld,
  program: string,
  table: T,
): Resolved<T> | undefined {
  const resolution = resolveSettings(table, { flags: {}, env: world.env });
  if (resolution.ok) return resolution.values;
  for (const problem of resolution.problems) world.print("stderr", `${program}: ${problem}`);
  world.exit(64);
  return undefined;
}

/** `nats://nats:4222` → host and port. */
export function addressOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port || 4222) };
}
