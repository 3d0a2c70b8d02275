import type { Proof } from "../scenario/prove.ts";
import { list } from "../text/list.ts";
import { sayDuration } from "../timing/duration.ts";

/** More would fill the screen; all of them are in the report. */
const MOST = 2;

export function sayProof(proof: Proof): string {
  return `${sayDelivered(proof)}: ${sayHealed(proof)}`;
}

/** `by hand: the run request of e-1 to edge1, the run request of e-2 to edge2 and 3 more`. */
export function sayDelivered({ delivered, inSecondRun }: Proof): string {
  const more = delivered.length > MOST ? ` and ${delivered.length - MOST} more` : "";
  const where = inSecondRun ? "in a second run of the same seed, " : "";
  return `${where}by hand: ${list(delivered.slice(0, MOST))}${more}`;
}

export function sayHealed({ proven, afterMs, seen }: Proof): string {
  return proven
    ? `${sayDuration(afterMs)} later ${seen}`
    : `not healed ${sayDuration(afterMs)} later: ${seen}`;
}
