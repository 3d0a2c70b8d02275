import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "../../errors.ts";
import { commandFor } from "../../standing/choose.ts";
import { ControlError, type JobFile } from "../../systems/system.ts";
import { list } from "../../text/list.ts";
import { nearest } from "../../text/nearest.ts";
import { REPOSITORY } from "../choose-engine.ts";
import { EXIT } from "../exit-code.ts";
import { untilAborted } from "../../time/until-aborted.ts";
import { unlessNobodyAnswers } from "./nobody-answers.ts";
import { answering, findStack, onlyOnDocker, reopen, type StackFlags, type StackWorld } from "./open.ts";
import { readStdin } from "./stdin.ts";

export interface DeployFlags extends StackFlags {
  readonly force?: boolean;
}

/** `repro deploy FILE`: checked here, then deployed as scenarios do it; 1 if it is refused there. */
export async function deployCommand(path: string, flags: DeployFlags, world: StackWorld): Promise<number> {
  const { signal, out, err } = world;
  onlyOnDocker(flags);
  const file = await untilAborted(signal, readJobFile(path));
  const opened = await findStack(flags, world);
  const { system } = opened;
  const problems = await system.checkJobFile(file);
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  answering(opened.found, system.looksLeaveLinesOn);
  const stack = await reopen(opened, { isHeard: false });
  try {
    const deploying = system.connect(stack).deploy(file, { force: flags.force === true });
    const { jobId, jobName, version } = await untilAborted(signal, deploying);
    out(`deployed: ${jobName}, version ${version} (${jobId})`);
    out(`  where it runs: ${commandFor(opened.found.runId, "cli execution list")}`);
    return EXIT.asExpected;
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    await unlessNobodyAnswers(opened, stack, signal);
    // A refusal is a sentence for people, and says whose it is.
    err(error.said || `repro: ${error.message}`);
    return EXIT.unexpected;
  }
}

const PIPELINES = join(REPOSITORY, "pipelines");

/** Of the working folder first, then of `pipelines/`; `-` is standard input. @throws UsageError */
async function readJobFile(path: string): Promise<JobFile> {
  if (path === "-") return { name: "standard input", text: await readStdin() };
  const ours = join(PIPELINES, path);
  const file = !existsSync(path) && existsSync(ours) ? ours : resolve(path);
  try {
    return { name: path, text: readFileSync(file, "utf8") };
  } catch (cause) {
    const isNowhere = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const why = isNowhere ? nowhere(path) : `: ${cause instanceof Error ? cause.message : ""}`;
    throw new UsageError(`cannot read the job file ${path}${why}`, { cause });
  }
}

function nowhere(path: string): string {
  const ours = readdirSync(PIPELINES).toSorted();
  return `${nearest(path, ours)}: there is none, neither here nor in pipelines/; that has ${list(ours)}`;
}
