import chalk from "chalk";
import type { Engine, StandingStack } from "../../engines/engine.ts";
import { EnvironmentError, UsageError } from "../../errors.ts";
import { MachineFell } from "../../scenario/fallen.ts";
import { RunAborted } from "../../scenario/run-aborted.ts";
import { checkName, commandFor, DEFAULT_NAME, type Made, machinesOf, madeOf } from "../../standing/choose.ts";
import { writeMemo } from "../../standing/memo.ts";
import { mend, raise } from "../../standing/raise.ts";
import { repairs, sayRepairs, type Repair } from "../../standing/repair.ts";
import { differences, sayShape, type ShapeWanted } from "../../standing/shape.ts";
import { type ClusterShape, type System, systemNote } from "../../systems/system.ts";
import { loadTimingProfile } from "../../timing/load-profile.ts";
import { FIXES } from "../../systems/expanso/knowledge.ts";
import { chooseEngine } from "../choose-engine.ts";
import { chooseSystem, standingSystem, systemName } from "../choose-system.ts";
import { EXIT } from "../exit-code.ts";
import { chooseAvoid, chooseFix } from "../inputs.ts";
import { wholeNumber } from "../options.ts";
import { A_CLOUDS_PACE, A_PERSONS_PACE } from "../persons-pace.ts";
import { untilAborted } from "../../time/until-aborted.ts";
import { checkCloudFile, cloudFile, cloudLines, type Pace, writeCloudFile } from "./as-cloud.ts";
import { notUnderWay, onlyOnDocker, reopen, type StackFlags, type StackWorld } from "./open.ts";
import { tellingState } from "./state.ts";

/** As typed. */
export interface UpFlags extends StackFlags {
  readonly edges?: string;
  readonly timing?: string;
  readonly set?: readonly string[];
  readonly fix?: string;
  readonly avoid?: string;
  readonly system?: string;
  /** The file to write for edges and CLI: then it is a cloud, without edges of its own. */
  readonly asCloud?: string;
}

const EDGES = 2;
/** Spec 5-quality, "Speed": what Docker is measured with. */
const MOST_EDGES = 50;

/** `repro up`: a stack that outlives the command; one that stands already is made whole. */
export async function upCommand(flags: UpFlags, world: StackWorld): Promise<number> {
  onlyOnDocker(flags);
  const name = checkName(flags.name ?? DEFAULT_NAME);
  const wanted = readShape(flags);
  if (flags.asCloud !== undefined) checkCloudFile(flags.asCloud);
  const { forRun, why } = await chooseEngine("docker", world.out);
  const engine = forRun(0);
  const standing = await findNamed(engine, name);
  const made =
    standing === undefined ? await newlyMade(flags, wanted, world) : madeOf(standing, standingSystem);
  const {
    memo: { shape },
    system,
  } = made;
  if (standing !== undefined) {
    notUnderWay(standing);
    if (flags.asCloud !== undefined) {
      throw new UsageError(
        `--as-cloud ${flags.asCloud}: the stack "${name}" stands already, and its file was written when it was made. ` +
          `Remove it first (${commandFor(name, "down")}), or give the new one a --name`,
      );
    }
    const isOther = flags.system !== undefined && flags.system !== system.name;
    const other = [
      ...(isOther ? [`system ${system.name}, not ${flags.system}`] : []),
      ...differences(shape, wanted),
    ];
    if (other.length > 0) {
      throw new UsageError(
        `the stack "${name}" stands already, and is of another shape: ${other.join("; ")}. ` +
          `Remove it first (${commandFor(name, "down")}), or give the new one a --name`,
      );
    }
  }
  const facts = [`${engine.title} (${why})`, ...systemNote(system), sayShape(shape)];
  world.out(`${chalk.bold(name)}   ${facts.join(" · ")}`);
  let mended: readonly Repair[] = [];
  try {
    if (standing === undefined) await open(engine, name, made, { world, asCloud: flags.asCloud });
    else mended = await makeWhole(engine, standing, made, world);
  } catch (error) {
    if (!(error instanceof RunAborted || error instanceof MachineFell)) throw error;
    const isNew = standing === undefined;
    throw new EnvironmentError({
      wanted: `bring up the stack "${name}"`,
      seen: error.message + (isNew ? "; it is removed again" : ""),
      mend: isNew ? "repro clean; docker info" : commandFor(name, "logs"),
      cause: error,
    });
  }
  const isNew = standing === undefined;
  if (!isNew && mended.length === 0) {
    world.out(`it is up already, all of it; see it: ${commandFor(name, "ps")}`);
    return EXIT.asExpected;
  }
  world.out("");
  world.out(isNew ? "up: go on, in this shell or any other" : `up: whole again, ${sayRepairs(mended)}`);
  if (isNew && flags.asCloud !== undefined) {
    for (const line of cloudLines(flags.asCloud, paceOf(flags))) world.out(line);
    world.out(`  pnpm ${commandFor(name, "down")}`);
    return EXIT.asExpected;
  }
  for (const words of isNew ? FIRST : LATER) world.out(`  pnpm ${commandFor(name, words)}`);
  return EXIT.asExpected;
}

/** Whoever has just begun is led to the bug; whoever comes back knows what for. */
const LATER = ["ps", "logs"];
const FIRST = [
  "deploy test-job.yaml",
  "kill edges",
  "deploy new-job.yaml",
  "recreate edges",
  "cli execution list",
  "logs --follow",
  "ps",
  "down",
];

async function findNamed({ standing }: Engine, name: string): Promise<StandingStack | undefined> {
  return (await standing?.find())?.find(({ runId }) => runId === name);
}

/** It is removed again if it does not come up, for whatever reason. */
async function open(
  engine: Engine,
  name: string,
  { memo, system }: Made,
  at: { readonly world: StackWorld; readonly asCloud: string | undefined },
): Promise<void> {
  const { world } = at;
  await engine.prepare(system.images, world.out, world.signal);
  const stack = await engine
    .openStack({
      runId: name,
      machines: system.machines(memo.shape),
      secrets: system.secrets,
      keep: true,
      memo: writeMemo(memo),
    })
    .catch(async (error: unknown) => {
      // Somebody else was quicker: theirs stands now.
      const other = await findNamed(engine, name);
      if (other === undefined) throw error;
      throw new UsageError(
        `the stack "${name}" is being brought up by somebody else, since just now; see how far it is: ` +
          commandFor(name, "ps"),
        { cause: error },
      );
    });
  let isUp = false;
  const { asCloud } = at;
  await using _halfMade = {
    [Symbol.asyncDispose]: async () => {
      if (!isUp) await stack[Symbol.asyncDispose]();
    },
  };
  await untilAborted(
    world.signal,
    raise(tellingState({ engine, stack, timing: memo.shape.timing }, { ...world, system })),
  );
  if (asCloud !== undefined)
    writeCloudFile(asCloud, await cloudFile(stack, system, engine.imageIds?.get("edge") ?? ""));
  isUp = true;
}

/** What there was to do. */
async function makeWhole(
  engine: Engine,
  found: StandingStack,
  { memo, system }: Made,
  world: StackWorld,
): Promise<readonly Repair[]> {
  const names = machinesOf(found, { memo, system }).map(({ name }) => name);
  const toDo = repairs(names, found.machines);
  if (toDo.length === 0) return [];
  const stack = await reopen({ standing: engine.standing!, found, memo, system }, { isHeard: true });
  await untilAborted(
    world.signal,
    mend(tellingState({ engine, stack, timing: memo.shape.timing }, { ...world, system }), toDo),
  );
  return toDo;
}

/** Only what was asked for; every wrong word is told before the engine is asked. @throws UsageError */
function readShape(flags: UpFlags): ShapeWanted {
  if (flags.system !== undefined && systemName(flags.system) === "cloud") {
    throw new UsageError(
      "--system cloud: edges of a cloud stand by hand with `docker compose up -d` (docs/compose.md); --as-cloud FILE raises a cloud to try",
    );
  }
  if (flags.asCloud !== undefined && flags.edges !== undefined)
    throw new UsageError("--edges: got one, accepted with --as-cloud is none: edges come from elsewhere");
  const isPaced = flags.timing !== undefined || flags.set !== undefined || flags.asCloud !== undefined;
  return {
    edges:
      flags.asCloud !== undefined
        ? 0
        : flags.edges === undefined
          ? undefined
          : wholeNumber("--edges", flags.edges, 1, MOST_EDGES),
    published: flags.asCloud === undefined ? undefined : true,
    timing: isPaced ? timingOf(flags) : undefined,
    fix: flags.fix === undefined ? undefined : chooseFix(flags.fix, FIXES),
    avoid: chooseAvoid(flags.avoid),
  };
}

/** @throws UsageError for a fix that this build does not take; EnvironmentError for a build that is not there. */
async function newlyMade(flags: UpFlags, wanted: ShapeWanted, { err }: StackWorld): Promise<Made> {
  const system = await chooseSystem(flags.system, (text) => err(`repro: ${text}`));
  return { memo: { system: system.name, shape: newShape(wanted, system) }, system };
}

function newShape(
  { edges, timing, fix = "none", avoid, published }: ShapeWanted,
  { fixes }: Pick<System, "fixes">,
): ClusterShape {
  return {
    edges: edges ?? EDGES,
    timing: timing ?? timingOf({}),
    fix: chooseFix(fix, fixes),
    ...(avoid && { avoid }),
    ...(published && { published }),
  };
}

function timingOf(flags: Pick<UpFlags, "timing" | "set" | "asCloud">) {
  const { timing, set } = paceOf(flags);
  return loadTimingProfile(timing, set).timing;
}

/** A person's pace, unless another was asked for. */
function paceOf({ timing, set = [], asCloud }: Pick<UpFlags, "timing" | "set" | "asCloud">): Pace {
  if (timing !== undefined) return { timing, set };
  const own = asCloud === undefined ? A_PERSONS_PACE : A_CLOUDS_PACE;
  return { timing: own.timing, set: [...own.set, ...set] };
}
