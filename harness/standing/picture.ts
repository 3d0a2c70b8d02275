import type { StandingMachine, StandingStack } from "../engines/engine.ts";
import { systemNote } from "../systems/system.ts";
import { sayDuration } from "../timing/duration.ts";
import type { NodeSeen } from "../vocabulary.ts";
import { table } from "../walkthrough/tables.ts";
import { wrap } from "../walkthrough/wrap.ts";
import type { Memo } from "./memo.ts";
import { sayState } from "./repair.ts";
import { sayShape } from "./shape.ts";

/** A stack as it is now: what the engine says of its machines, and the orchestrator of its nodes. */
export interface Picture {
  readonly stack: StandingStack;
  /** Undefined: of another version of this program. */
  readonly memo: Memo | undefined;
  /** In the order in which they came to be. Undefined: the orchestrator does not answer. */
  readonly nodes: readonly NodeSeen[] | undefined;
  /** All of its machines, as they are started; one that the engine knows nothing of any more was killed. */
  readonly names: readonly string[];
}

/** For people. */
export function pictureLines(
  picture: Picture,
  at: { readonly nowMs: number; readonly width: number },
): string[] {
  const { stack, memo, nodes } = picture;
  const facts = [
    ...(memo === undefined
      ? ["of another version of this program"]
      : [...systemNote({ name: memo.system }), sayShape(memo.shape)]),
    `for ${sayDuration(Math.max(0, at.nowMs - stack.madeAtMs))}`,
    ...(stack.elsewhere === undefined ? [] : [`made on ${stack.elsewhere}`]),
    ...(stack.maker === undefined ? [] : [`process ${stack.maker} is still at it`]),
    ...(nodes === undefined && memo !== undefined ? ["the orchestrator does not answer"] : []),
  ];
  const rows = machinesOf(picture).flatMap((machine): Row[] => {
    const own = {
      MACHINE: machine.name,
      STATE: sayState(machine),
      ADDRESS: machine.address ?? "",
      CONTAINER: machine.container ?? "",
    };
    const [current, ...former] = nodesOf(machine.name, picture).toReversed();
    if (current === undefined) return [own];
    // An edge that lost its identity is another node now, and the one that it was may still be believed in.
    return [{ ...own, ...sayNode(current) }, ...former.map((node) => ({ STATE: FORMER, ...sayNode(node) }))];
  });
  const columns = COLUMNS.filter((column) => nodes?.length || !(column === "NODE" || column === "BELIEVED"));
  const first = `${stack.runId}   ${facts.join(" · ")}`;
  return [...wrap(first, at.width, stack.runId.length + 3), ...narrowed(columns, rows, at.width)];
}

const COLUMNS = ["MACHINE", "STATE", "ADDRESS", "CONTAINER", "NODE", "BELIEVED"] as const;
type Column = (typeof COLUMNS)[number];
type Row = Readonly<Partial<Record<Column, string>>>;

/** What can be done without where there is no room, the first first: what is believed is what people look for. */
const SPARE: readonly Column[] = ["ADDRESS", "CONTAINER", "NODE"];

/** Says in place of a state that the row is about a node which the edge no longer is. */
const FORMER = "its old id";

/** As many columns as there is room for. */
function narrowed(columns: readonly Column[], rows: readonly Row[], width: number): readonly string[] {
  const linesOf = (some: readonly Column[], within: number) =>
    table(
      some,
      rows.map((row) => some.map((column) => row[column] ?? "")),
      within,
    );
  const isWide = (some: readonly Column[]) => linesOf(some, Infinity).some((line) => line.length > width);
  let left = columns;
  for (const spare of SPARE) if (isWide(left)) left = left.filter((column) => column !== spare);
  return linesOf(left, width);
}

/** For programs. */
export function pictureJson(picture: Picture) {
  const { stack, memo, nodes } = picture;
  return {
    name: stack.runId,
    system: memo?.system ?? null,
    edges: memo?.shape.edges ?? null,
    timing: memo?.shape.timing ?? null,
    fix: memo?.shape.fix ?? null,
    avoid: memo?.shape.avoid ?? null,
    madeAt: new Date(stack.madeAtMs).toISOString(),
    orchestratorAnswers: nodes !== undefined,
    machines: machinesOf(picture).map((machine) => ({
      name: machine.name,
      state: sayState(machine),
      address: machine.address ?? null,
      container: machine.container ?? null,
      nodes: nodesOf(machine.name, picture).map(({ id, connection, ready }, index, { length }) => ({
        id,
        connection,
        ready: ready ?? null,
        current: index === length - 1,
      })),
    })),
  };
}

/** Every node that a machine is and has been, the one that it is now last. */
function nodesOf(machine: string, { nodes }: Picture): readonly NodeSeen[] {
  return (nodes ?? []).filter(({ name }) => name === machine);
}

const SHORT_ID = 10;

function sayNode({ id, connection, ready }: NodeSeen): Row {
  const sendable = ready === undefined ? "" : ready ? ", can be sent to" : ", cannot be sent to";
  return { NODE: id.slice(0, SHORT_ID), BELIEVED: connection + sendable };
}

function machinesOf({ stack, names }: Picture): readonly StandingMachine[] {
  return names.map(
    (name) =>
      stack.machines.find((machine) => machine.name === name) ?? {
        name,
        state: "absent",
        address: undefined,
        container: undefined,
      },
  );
}
