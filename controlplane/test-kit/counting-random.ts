import type { Random } from "../ports/random.ts";

/** Ids in the order in which they are given out: `…-000000000001`, `…-000000000002`. */
export function createCountingRandom(): Random {
  let given = 0;
  return { uuid: () => aUuid((given += 1)), fraction: () => 0 };
}

/** The version-4 UUID with this number. */
export function aUuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}
