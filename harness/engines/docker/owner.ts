import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { readFile, readlink } from "node:fs/promises";
import { execa } from "execa";

/**
 * Whose something is: `<host name>~<place>/<pid>/<when that process started>`. The start time is there because a pid
 * comes around again: the process that has it now need not be the one that made the container. The place is there
 * because a host name need not be one host: containers share one, and so do two machines that were set up alike.
 */
export async function ownOwner(): Promise<string> {
  const { host, processStart, place } = await realHere();
  const startedAt = (await processStart(process.pid)) ?? UNKNOWN;
  return formatOwner({ host, pid: process.pid, startedAt, ...(place && { place }) });
}

export type OwnerState =
  | "alive"
  | "dead"
  /** Made on another host, or in another container of this one: from here nobody can tell. */
  | "elsewhere"
  /** No owner label, or none that we wrote. */
  | "unreadable";

/** Whether the owner still lives, as far as this host can tell. */
export async function ownerState(label: string | undefined, here?: Here): Promise<OwnerState> {
  const owner = parseOwner(label);
  if (owner === undefined) return "unreadable";
  const { host, place, processStart } = here ?? (await realHere());
  if (owner.host !== host) return "elsewhere";
  if (owner.place !== undefined && place !== undefined) {
    const [was, is] = [owner.place, place];
    // The same machine, started again: nothing lives that lived then. Without an id it may as well be another one.
    if (was.boot !== is.boot) return was.machine !== "" && was.machine === is.machine ? "dead" : "elsewhere";
    if (was.pids !== is.pids) return "elsewhere";
  }
  const startedAt = await processStart(owner.pid);
  if (startedAt === undefined) return "dead";
  // Where start times cannot be read (Windows), a living pid has to be enough: better to keep too much.
  if (startedAt === UNKNOWN || owner.startedAt === UNKNOWN) return "alive";
  return startedAt === owner.startedAt ? "alive" : "dead";
}

export interface Here {
  readonly host: string;
  readonly place?: Place;
  /** A text that is the same for as long as that process lives; undefined if there is none of that pid. */
  readonly processStart: (pid: number) => Promise<string | undefined>;
}

/** Where a pid means what it says. Only Linux tells. */
export interface Place {
  /** Of the installation; empty where it has none. */
  readonly machine: string;
  /** Of the kernel, since it was started. */
  readonly boot: string;
  /** Of the container: each counts its processes anew. */
  readonly pids: string;
}

export interface Owner {
  readonly host: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly place?: Place;
}

export function formatOwner({ host, pid, startedAt, place }: Owner): string {
  const where = place === undefined ? "" : `~${place.machine}.${place.boot}.${place.pids}`;
  return `${host}${where}/${pid}/${startedAt}`;
}

const OWNER =
  /^(?<host>[^/~]+)(?:~(?<machine>\w*)\.(?<boot>\w+)\.(?<pids>\w+))?\/(?<pid>[1-9]\d*)\/(?<startedAt>[^/]+)$/;

export function parseOwner(label: string | undefined): Owner | undefined {
  const parts = OWNER.exec(label ?? "")?.groups;
  if (parts === undefined) return undefined;
  const { machine, boot, pids } = parts;
  const place = boot === undefined ? undefined : { machine: machine!, boot, pids: pids! };
  return {
    host: parts["host"]!,
    pid: Number(parts["pid"]),
    startedAt: parts["startedAt"]!,
    ...(place && { place }),
  };
}

const UNKNOWN = "unknown";

async function realHere(): Promise<Here> {
  const place = process.platform === "linux" ? await linuxPlace() : undefined;
  return { host: hostname(), processStart, ...(place && { place }) };
}

async function linuxPlace(): Promise<Place | undefined> {
  const read = (path: string) => readFile(path, "utf8").catch(() => "");
  const [machine, boot, pids] = await Promise.all([
    read("/etc/machine-id"),
    read("/proc/sys/kernel/random/boot_id"),
    readlink("/proc/self/ns/pid").catch(() => ""),
  ]);
  const number = /\d+/.exec(pids)?.[0];
  if (boot.trim() === "" || number === undefined) return undefined;
  // A machine's id is a secret of its own (machine-id(5)): what leaves it is a digest.
  return { machine: digest(machine), boot: digest(boot), pids: number };
}

function digest(id: string): string {
  return id.trim() === "" ? "" : createHash("sha256").update(id.trim()).digest("hex").slice(0, 12);
}

async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform === "linux") {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
    if (stat !== undefined) return startTicks(stat);
    // Somebody else's may be hidden (`hidepid`), and lives all the same.
    return isRunning(pid) ? UNKNOWN : undefined;
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

/**
 * Field 22 of /proc/<pid>/stat; counted from the last `)`, as the command name before it may hold anything. Undefined
 * for one that has ended and that its parent has not asked about: in a container without an init it stays for ever.
 */
export function startTicks(stat: string): string | undefined {
  const [state, ...fields] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .trim()
    .split(" ");
  if (state === "Z" || state === "X") return undefined;
  return fields[18] ?? UNKNOWN;
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
