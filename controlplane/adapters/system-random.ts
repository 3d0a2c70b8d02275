import { randomUUID } from "node:crypto";
import type { Random } from "../ports/random.ts";

/** Chance from this machine. */
export const systemRandom: Random = {
  uuid: () => randomUUID(),
  fraction: () => Math.random(),
};
