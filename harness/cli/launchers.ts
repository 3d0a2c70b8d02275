import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** A process, as far as it matters who started whom. */
export interface Ancestor {
  readonly pid: number;
  readonly parent: number;
  readonly argv: readonly string[];
}

/** How long nobody may notice. There is no event for the end of a process that is not a child. */
const LOOK_EVERY_MS = 1_000;

/**
 * Calls `onGone` once one of those who started this process on behalf of somebody has ended before it. `npx` that gets
 * a SIGTERM ends and hands it to nobody; without this what it started would run on, with nobody to wait for it.
 * Only Linux tells of its processes without a process for each look; elsewhere nothing is noticed.
 */
export function watchLaunchers(onGone: () => void): void {
  const launchers = launchersOf(ancestors());
  if (launchers.length === 0) return;
  const timer = setInterval(() => {
    if (brokenLink(process.pid, launchers, parentOf) === undefined) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  timer.unref();
}

const PACKAGE_MANAGERS = ["npm", "npx", "pnpm", "pnpx", "yarn", "bun"];
const SHELLS = ["sh", "bash", "dash", "zsh"];

/**
 * From the nearest on, up to the outermost package manager: shells are launchers only in between. Who called that one
 * may go: it is how a run is left behind on purpose (`nohup npx … &`).
 */
export function launchersOf(ancestors: readonly Ancestor[]): readonly Ancestor[] {
  const end = ancestors.findIndex((ancestor) => !isPackageManager(ancestor) && !isShellOfOne(ancestor));
  const near = end === -1 ? ancestors : ancestors.slice(0, end);
  return near.slice(0, near.findLastIndex(isPackageManager) + 1);
}

/** npm and npx are scripts at first, and give themselves a title later. */
function isPackageManager({ argv }: Ancestor): boolean {
  return argv
    .slice(0, 2)
    .flatMap((word) => word.split(" ", 1))
    .some((word) => PACKAGE_MANAGERS.includes(basename(word).replace(/(?:-cli)?\.[cm]?js$/, "")));
}

function isShellOfOne({ argv: [shell = "", option] }: Ancestor): boolean {
  return SHELLS.includes(basename(shell)) && option === "-c";
}

/** Of the one that has gone: whoever it started has another parent now. */
export function brokenLink(
  pid: number,
  launchers: readonly Ancestor[],
  parent: (pid: number) => number | undefined,
): Ancestor | undefined {
  let child = pid;
  for (const launcher of launchers) {
    if (parent(child) !== launcher.pid) return launcher;
    child = launcher.pid;
  }
  return undefined;
}

function ancestors(): readonly Ancestor[] {
  const found: Ancestor[] = [];
  for (let pid = process.ppid; pid > 1;) {
    const parent = parentOf(pid);
    const argv = argvOf(pid);
    if (parent === undefined || argv === undefined) break;
    found.push({ pid, parent, argv });
    pid = parent;
  }
  return found;
}

/** Field 4 of /proc/<pid>/stat; counted from the last `)`, as the command name before it may hold anything. */
function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const parent = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
  return parent === undefined ? undefined : Number(parent);
}

function argvOf(pid: number): readonly string[] | undefined {
  return read(`/proc/${pid}/cmdline`)?.replace(/\0+$/, "").split("\0");
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
