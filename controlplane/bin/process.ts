import { readFileSync } from "node:fs";
import { createLineLog } from "../adapters/line-log.ts";
import { resolveSettings, type Resolved, type SettingTable } from "../config/resolve.ts";
import type { Log, LogLevel } from "../ports/log.ts";

export const EXIT_USAGE = 64;

/**
 * Settles a program's settings from its flags, the environment and its file; on a bad one prints every
 * problem with its place and ends with 64.
 */
export function settleOrExit<T extends SettingTable>(
  table: T,
  at: {
    readonly program: string;
    readonly flags: Readonly<Record<string, string | undefined>>;
    readonly defaultFile: string;
  },
): { readonly values: Resolved<T>; readonly warnings: readonly string[] } {
  const resolution = resolveSettings(table, {
    flags: at.flags,
    env: process.env,
    file: readFile(at.program, at.flags["--config"], at.defaultFile),
  });
  if (resolution.ok) return resolution;
  for (const problem of resolution.problems) process.stderr.write(`${at.program}: ${problem}\n`);
  process.exit(EXIT_USAGE);
}

function readFile(program: string, named: string | undefined, byDefault: string) {
  const name = named ?? byDefault;
  try {
    return { name, text: readFileSync(name, "utf8") };
  } catch (error) {
    if (named === undefined) return undefined;
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${program}: option --config: cannot read ${name}: ${why}\n`);
    process.exit(EXIT_USAGE);
  }
}

/** Logs go to standard error, so that a pipeline has standard output to itself. */
export function processLog(settings: {
  readonly logLevel: LogLevel;
  readonly logFormat: "text" | "json";
}): Log {
  return createLineLog({
    level: settings.logLevel,
    format: settings.logFormat,
    now: () => new Date().toISOString(),
    writeLine: (line) => process.stderr.write(`${line}\n`),
  });
}

/** Ends the process in an orderly way when it is asked to; as PID 1 nobody else would. */
export function onTermination(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      void stop().finally(() => process.exit(0));
    });
  }
}
