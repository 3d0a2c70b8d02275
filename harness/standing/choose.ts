import type { MachineSpec, StandingStack } from "../engines/engine.ts";
import { EnvironmentError, UsageError } from "../errors.ts";
import { isEdge, type System } from "../systems/system.ts";
import { list } from "../text/list.ts";
import { nearest } from "../text/nearest.ts";
import { readMemo, type Memo } from "./memo.ts";

/** The stack that is meant where none is named. */
export const DEFAULT_NAME = "default";

/** What may follow `repro-` in the name of a network. */
export function checkName(name: string): string {
  if (/^[a-z0-9][a-z0-9_.-]{0,39}$/.test(name)) return name;
  throw new UsageError(
    `--name: got "${name}", accepted are up to 40 small letters, digits, and - _ . after the first`,
  );
}

/** A command of this program about a stack, as somebody would type it. */
export function commandFor(name: string, words: string): string {
  const [verb = "", ...rest] = words.split(" ");
  return ["repro", verb, ...(name === DEFAULT_NAME ? [] : ["--name", name]), ...rest].join(" ");
}

/**
 * The one of that name; without a name the default one, or the only one.
 * @throws UsageError for a name that none has; EnvironmentError where none was named and none stands
 */
export function chooseStack(stacks: readonly StandingStack[], name: string | undefined): StandingStack {
  const names = stacks.map(({ runId }) => runId);
  const found = stacks.find(({ runId }) => runId === (name ?? DEFAULT_NAME));
  if (found !== undefined) return found;
  if (name !== undefined) {
    const there = names.length === 0 ? "there is none at all" : `there are ${list(names)}`;
    throw new UsageError(
      `there is no stack "${name}"${nearest(name, names)}; ${there}; start it: ${commandFor(name, "up")}`,
    );
  }
  const [only] = stacks;
  if (only === undefined)
    throw new EnvironmentError({ wanted: "a stack", seen: "none stands", mend: "repro up" });
  if (stacks.length === 1) return only;
  throw new UsageError(`there are several stacks, say --name and which: ${list(names)}`);
}

/** What a stack is made of. */
export interface Made {
  readonly memo: Memo;
  readonly system: System;
}

/** @throws UsageError for what another version has made, of whatever it had. */
export function madeOf(stack: StandingStack, systemOf: (name: string) => System | undefined): Made {
  const made = madeOfIfKnown(stack, systemOf);
  if (made !== undefined) return made;
  const memo = readMemo(stack.memo);
  throw new UsageError(
    `the stack "${stack.runId}" ${memo === undefined ? "was made by another version of this program" : `is of another system, ${memo.system}`}; ` +
      `it can be looked at, and removed: ${commandFor(stack.runId, "down")}`,
  );
}

/** Undefined for what can only be looked at, and removed. */
export function madeOfIfKnown(
  { memo: text }: StandingStack,
  systemOf: (name: string) => System | undefined,
): Made | undefined {
  const memo = readMemo(text);
  const system = memo && systemOf(memo.system);
  return memo && system && { memo, system };
}

/** Its machines: those of its shape, and the edges that joined later. */
export function machinesOf(stack: StandingStack, { memo: { shape }, system }: Made): readonly MachineSpec[] {
  const planned = system.machines(shape);
  const names = new Set(planned.map(({ name }) => name));
  const joined = stack.machines.filter(({ name }) => !names.has(name));
  return [...planned, ...joined.map(({ name }) => system.edgeMachine(name, shape))];
}

/** Those of which there is no container. */
export function killedOf(names: readonly string[], { machines }: StandingStack): readonly string[] {
  return names.filter(
    (name) => !machines.some((machine) => machine.name === name && machine.state !== "absent"),
  );
}

/** Only what is gone has a place that could be taken again; asked before anything is done. @throws UsageError */
export function checkGone(machines: readonly string[], stack: StandingStack): void {
  const killed = killedOf(machines, stack);
  const there = machines.filter((name) => !killed.includes(name));
  if (there.length === 0) return;
  throw new UsageError(
    `${list(there)} ${there.length === 1 ? "is" : "are"} still there; ` +
      `before a recreation: ${commandFor(stack.runId, `kill ${there.join(" ")}`)}`,
  );
}

/** Stands for every edge, where machines are named. */
const EDGES = "edges";

/** Each once, in the order in which a cluster is started. @throws UsageError, suggesting what may be meant */
export function chooseMachines(
  given: readonly string[],
  known: readonly string[],
  system: Pick<System, "brokerMachine" | "looksLeaveLinesOn">,
): readonly string[] {
  const edges = known.filter(isEdge(system));
  for (const name of given) {
    if (name === EDGES || known.includes(name)) continue;
    throw new UsageError(
      `there is no machine "${name}"${nearest(name, known)}; accepted are ${list(known)}, or ${EDGES} for all of them`,
    );
  }
  if (given.includes(EDGES) && edges.length === 0)
    throw new UsageError(`there are no ${EDGES} in this stack; accepted are ${list(known)}`);
  return known.filter((name) => given.includes(name) || (given.includes(EDGES) && edges.includes(name)));
}
