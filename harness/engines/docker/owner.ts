import { hostname } from "node:os";
import { readFile } from "node:fs/promises";
import { execa } from "execa";

/**
 * Whose something is: `<host name>/<pid>/<when that process started>`. The start time is there because a pid comes
 * around again: the process that has it now need not be the one that made the container.
 */
export async function ownOwner(): Promise<string> {
  return formatOwner({
    host: hostname(),
    pid: process.pid,
    startedAt: (await processStart(process.pid)) ?? UNKNOWN,
  });
}

export type OwnerState =
  | "alive"
  | "dead"
  /** Made on another host (of a shared engine): from here nobody can tell. */
  | "elsewhere"
  /** No owner label, or none that we wrote. */
  | "unreadable";

/** Whether the owner still lives, as far as this host can tell. */
export async function ownerState(
  label: string | undefined,
  here: Here = { host: hostname(), processStart },
): Promise<OwnerState> {
  const owner = parseOwner(label);
  if (owner === undefined) return "unreadable";
  if (owner.host !== here.host) return "elsewhere";
  const startedAt = await here.processStart(owner.pid);
  if (startedAt === undefined) return "dead";
  // Where start times cannot be read (Windows), a living pid has to be enough: better to keep too much.
  if (startedAt === UNKNOWN || owner.startedAt === UNKNOWN) return "alive";
  return startedAt === owner.startedAt ? "alive" : "dead";
}

export interface Here {
  readonly host: string;
  /** A text that is the same for as long as that process lives; undefined if there is none of that pid. */
  processStart(pid: number): Promise<string | undefined>;
}

export interface Owner {
  readonly host: string;
  readonly pid: number;
  readonly startedAt: string;
}

export function formatOwner(owner: Owner): string {
  return `${owner.host}/${owner.pid}/${owner.startedAt}`;
}

export function parseOwner(label: string | undefined): Owner | undefined {
  const parts = /^(?<host>[^/]+)\/(?<pid>[1-9]\d*)\/(?<startedAt>.+)$/.exec(label ?? "")?.groups;
  if (parts === undefined) return undefined;
  return { host: parts["host"]!, pid: Number(parts["pid"]), startedAt: parts["startedAt"]! };
}

const UNKNOWN = "unknown";

async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform === "linux") {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
    return stat === undefined ? undefined : startTicks(stat);
  }
  if (process.platform === "win32") return isRunning(pid) ? UNKNOWN : undefined;
  // Locale and zone are pinned: the text is compared with what another process got, perhaps under other settings.
  const ps = await execa("ps", ["-o", "lstart=", "-p", String(pid)], {
    env: { LC_ALL: "C", TZ: "UTC" },
    reject: false,
  });
  const text = ps.stdout.trim().replaceAll(/\s+/g, " ");
  return text === "" ? undefined : text;
}

/** Field 22 of /proc/<pid>/stat; counted from the last `)`, as the command name before it may hold anything. */
export function startTicks(stat: string): string {
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .trim()
    .split(" ");
  return fields[19] ?? UNKNOWN;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
