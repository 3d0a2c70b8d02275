import type { FaultProof, Machine } from "../engines/engine.ts";
import { list } from "../text/list.ts";
import type { Act } from "../timeline/entry.ts";
import { witnessBroker } from "./fault-witness.ts";
import { doToEach } from "./of-each.ts";
import { RunAborted } from "./run-aborted.ts";
import type { RunState } from "./run-state.ts";

export interface Fault {
  readonly act: Extract<Act, { readonly machines: readonly string[] }>;
  /** For people: `rm -f`. */
  readonly how: string;
  readonly inflict: (machine: Machine) => Promise<FaultProof>;
  /** What the broker records of it, where it can. */
  readonly broker?: "opened" | "closed" | undefined;
  /** What else has to be so once it is done. */
  readonly witness?: (() => FaultProof) | undefined;
}

/**
 * Does it to all of the machines at once, and proves that it bit: by the engine, and by the broker where that
 * can see it.
 * @throws RunAborted if it did not bite.
 */
export async function inflict(state: RunState, fault: Fault): Promise<void> {
  const { act, how } = fault;
  const names = act.machines;
  state.signal.throwIfAborted();
  state.record({ kind: "step", verb: act.do, subject: `${list(names)} (${how})`, act });
  const witness = fault.broker && witnessBroker(state, names, fault.broker);
  const ofEach = await doToEach(act.do, names, (name) => fault.inflict(state.stack.machine(name)));
  const witnessed = [await witness?.proof(), fault.witness?.()].filter((proof) => proof !== undefined);
  const failed = [...ofEach.proofs, ...witnessed].filter((proof) => !proof.bit);
  // Where one of them failed, what speaks for the others is told beside it.
  const isTold = (proofs: readonly FaultProof[]) => failed.length === 0 || proofs.some(({ bit }) => !bit);
  const seen = list(
    [
      ...(isTold(ofEach.proofs) ? [ofEach.seen] : []),
      ...new Set(witnessed.filter((proof) => isTold([proof])).map((proof) => proof.seen)),
    ],
    "; ",
  );
  state.record({ kind: "fault", fault: act.do, machines: names, bit: failed.length === 0, seen });
  if (failed.length > 0) throw new RunAborted(`${act.do} of ${list(names)} did not bite: ${seen}`);
}
