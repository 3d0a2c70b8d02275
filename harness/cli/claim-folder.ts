import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ownOwner, ownerState, parseOwner } from "../engines/docker/owner.ts";
import { UsageError } from "../errors.ts";
import { makeFolder, orEnvironmentError, removeIfEmpty } from "../report/artifacts.ts";

/** Who writes into a folder at this moment, in the words of `owner.ts`. */
export const CLAIM = ".being-written";

/**
 * A folder that nobody else of us writes into until it is let go: the reports of two runs would mix, and each would
 * claim to be whole. What a process that is gone has left of its claim does not count.
 * @throws UsageError if somebody else has it; EnvironmentError if it cannot be written.
 */
export async function claimFolder(out: string): Promise<Disposable> {
  const folder = resolve(out);
  const claim = join(folder, CLAIM);
  const owner = await ownOwner();
  const outside = nearestThere(folder);
  orEnvironmentError(folder, () => makeFolder(folder));
  for (let tries = 1; !orEnvironmentError(folder, () => wrote(claim, owner)); tries += 1) {
    const other = orEnvironmentError(folder, () => read(claim));
    if (other !== undefined && (await ownerState(other)) !== "dead") throw taken(folder, other);
    // Where it was not there to be read it has just been let go; but a link to nowhere is never let go.
    if (tries > MOST_TRIES) throw taken(folder, other ?? "");
    if (other !== undefined) orEnvironmentError(folder, () => removeDead(claim, other));
  }
  return {
    [Symbol.dispose]: () => {
      if (read(claim) === owner) rmSync(claim);
      removeEmpty(folder, outside);
    },
  };
}

/** Each but the first finds that somebody else was quicker. */
const MOST_TRIES = 100;

/** Whoever has found the same dead claim may have put their own in its place by now: only the dead one goes. */
function removeDead(claim: string, dead: string): void {
  const aside = `${claim}-${process.pid}`;
  try {
    renameSync(claim, aside);
  } catch (error) {
    if (isNotThere(error)) return;
    throw error;
  }
  if (read(aside) !== dead) linkSync(aside, claim);
  rmSync(aside, { force: true });
}

function taken(folder: string, other: string): UsageError {
  const owner = parseOwner(other);
  const who = owner === undefined ? "somebody" : `process ${owner.pid} on ${owner.host}`;
  return new UsageError(
    `--out: ${who} is writing a report to ${folder}; accepted is a folder of one's own. ` +
      `If there is no such process: rm ${join(folder, CLAIM)}`,
  );
}

/** The folder itself, or the first around it that is there. */
function nearestThere(folder: string): string {
  return existsSync(folder) ? folder : nearestThere(dirname(folder));
}

/** Whether there was none. */
function wrote(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}

function isNotThere(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

/** Whoever wrote nothing leaves nothing: the folders that were made for it go again. */
function removeEmpty(folder: string, outside: string): void {
  // Where something is in it, it is the report.
  for (let at = folder; at !== outside && removeIfEmpty(at);) at = dirname(at);
}
