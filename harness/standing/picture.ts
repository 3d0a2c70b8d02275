import type { StandingMachine, StandingStack } from "../engines/engine.ts";
import { sayDuration } from "../timing/duration.ts";
import type { NodeSeen } from "../vocabulary.ts";
import { table } from "../walkthrough/tables.ts";
import type { Memo } from "./memo.ts";
import { sayState } from "./repair.ts";
import { sayShape } from "./shape.ts";

/** A stack as it is now: what the engine says of its machines, and the orchestrator of its nodes. */
export interface Picture {
  readonly stack: StandingStack;
  /** Undefined: of another version of this program. */
  readonly memo: Memo | undefined;
  /** Undefined: the orchestrator does not answer. */
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
    memo === undefined ? "of another version of this program" : sayShape(memo.shape),
    `for ${sayDuration(Math.max(0, at.nowMs - stack.madeAtMs))}`,
    ...(stack.maker === undefined ? [] : [`process ${stack.maker} is still at it`]),
    ...(nodes === undefined && memo !== undefined ? ["the orchestrator does not answer"] : []),
  ];
  const rows = machinesOf(picture).flatMap((machine) => {
    const own = [machine.name, sayState(machine), machine.address ?? "", machine.container ?? ""];
    const ofIt = (nodes ?? []).filter(({ name }) => name === machine.name);
    if (ofIt.length === 0) return [own];
    // An edge that lost its identity is another node now, and the one that it was is still believed in.
    return ofIt.map((node, index) => [
      ...(index === 0 ? own : own.map(() => "")),
      node.id.slice(0, SHORT_ID),
      sayBelief(node),
    ]);
  });
  const header = ["MACHINE", "STATE", "ADDRESS", "CONTAINER", ...(nodes?.length ? ["NODE", "BELIEVED"] : [])];
  return [`${stack.runId}   ${facts.join(" · ")}`, ...table(header, rows, at.width)];
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
      nodes: (nodes ?? [])
        .filter(({ name }) => name === machine.name)
        .map(({ id, connection, ready }) => ({ id, connection, ready: ready ?? null })),
    })),
  };
}

const SHORT_ID = 10;

function sayBelief({ connection, ready }: NodeSeen): string {
  if (ready === undefined) return connection;
  return `${connection}, ${ready ? "can be sent to" : "cannot be sent to"}`;
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
