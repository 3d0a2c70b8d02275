import type { Sabotage } from "../sabotage.ts";
import { DOUBTS } from "./doubts.ts";
import { HEALING } from "./healing.ts";
import { INVARIANTS } from "./invariants.ts";
import { LOSSES } from "./losses.ts";
import { SCHEDULING } from "./scheduling.ts";

/** Every sabotage there is. A new scenario, loss or invariant needs one: see `sabotage.test.ts`. */
export const SABOTAGES: readonly Sabotage[] = [
  ...HEALING,
  ...SCHEDULING,
  ...LOSSES,
  ...INVARIANTS,
  ...DOUBTS,
];
