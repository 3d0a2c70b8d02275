import { UsageError } from "../../errors.ts";
import { chooseMachines, chooseStack, killedOf, machinesOf, madeOfIfKnown } from "../../standing/choose.ts";
import { chooseGrep, createLogView, grepHint, sayNothing } from "../../standing/log-view.ts";
import { knowledge } from "../../systems/expanso/knowledge.ts";
import { parseDuration } from "../../timing/duration.ts";
import { EXIT } from "../exit-code.ts";
import { standingSystem } from "../choose-system.ts";
import { lookAround, type StackFlags, type StackWorld } from "./open.ts";

export interface LogsFlags extends StackFlags {
  readonly follow?: boolean;
  readonly grep?: string;
  readonly since?: string;
}

/** `repro logs`: what the machines print, with what is known of it. */
export async function logsCommand(
  names: readonly string[],
  flags: LogsFlags,
  world: StackWorld,
): Promise<number> {
  const { signal, out, err } = world;
  const grep = chooseGrep(flags.grep, knowledge.patterns);
  const readSince = chooseSince(flags.since);
  const { engine, standing, stacks } = await lookAround(flags, world);
  const found = chooseStack(stacks, flags.name);
  const made = madeOfIfKnown(found, standingSystem);
  const known = (made === undefined ? found.machines : machinesOf(found, made)).map(({ name }) => name);
  const system = made?.system ?? knowledge;
  const machines = names.length === 0 ? known : chooseMachines(names, known, system);
  const hint = grepHint(grep, system.patterns);
  if (hint !== undefined) err(`repro: ${hint}`);
  const nameWidth = Math.max(0, ...machines.map(({ length }) => length));
  const view = createLogView({ read: system.createLineReader(), grep, nameWidth });
  let isEmpty = true;
  const follows = flags.follow === true;
  // Whoever read along has left (`| head`): there is nobody to follow it for.
  const left = new AbortController();
  process.stdout.once("error", () => left.abort());
  await standing.tellLines(found.runId, {
    machines,
    sinceMs: readSince(engine.clock.nowMs()),
    follows,
    signal: AbortSignal.any([signal, left.signal]),
    onLine: (told) => {
      const text = system.conceal?.(told.text, told.machine) ?? told.text;
      for (const shown of view({ ...told, text })) {
        isEmpty = false;
        out(shown);
      }
    },
  });
  signal.throwIfAborted();
  if (left.signal.aborted) return EXIT.asExpected;
  if (follows) err(`repro: the stack "${found.runId}" is removed: there is nothing more to follow`);
  else if (isEmpty) {
    err(`repro: ${sayNothing(grep, killedOf(machines, found))}`);
  }
  return EXIT.asExpected;
}

/** So long ago, or a moment. @throws UsageError */
function chooseSince(given: string | undefined): (nowMs: number) => number | undefined {
  if (given === undefined) return () => undefined;
  const ago = parseDuration(given);
  if (ago !== undefined) return (nowMs) => nowMs - ago;
  const moment = /^\d{4}-\d\d-\d\dT/.test(given) ? Date.parse(given) : Number.NaN;
  if (!Number.isNaN(moment)) return () => moment;
  throw new UsageError(
    `--since: got "${given}", accepted is a duration like 30s or 5m, or a moment like 2026-11-22T05:14:00Z`,
  );
}
