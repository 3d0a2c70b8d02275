import { expect } from "vitest";
import type { Random } from "../../../controlplane/ports/random.ts";
import type { ContractCase, ContractWorld } from "../contract.ts";

export interface RandomWorld extends ContractWorld {
  readonly random: Random;
}

const DRAWS = 10_000;

export const randomContract: readonly ContractCase<RandomWorld>[] = [
  {
    name: "a uuid is of version 4 and in lower case",
    run: ({ random }) => {
      for (const uuid of draw(() => random.uuid())) {
        expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }
    },
  },
  {
    name: "no uuid comes twice",
    run: ({ random }) => {
      expect(new Set(draw(() => random.uuid())).size).toBe(DRAWS);
    },
  },
  {
    name: "a fraction is at least 0 and less than 1",
    run: ({ random }) => {
      for (const fraction of draw(() => random.fraction())) {
        expect(fraction).toBeGreaterThanOrEqual(0);
        expect(fraction).toBeLessThan(1);
      }
    },
  },
  {
    name: "fractions are spread evenly",
    run: ({ random }) => {
      const tenths = Array.from({ length: 10 }, () => 0);
      for (const fraction of draw(() => random.fraction())) {
        const tenth = Math.floor(fraction * 10);
        tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      }
      // A tenth holds 1000 on average; 200 more or less is more than six standard deviations away.
      for (const count of tenths) expect(Math.abs(count - DRAWS / 10)).toBeLessThan(200);
    },
  },
  {
    name: "a fraction tells nothing about the next one",
    run: ({ random }) => {
      const fractions = draw(() => random.fraction());
      const rises = fractions.filter((fraction, index) => fraction > (fractions[index - 1] ?? 1)).length;
      expect(Math.abs(rises - DRAWS / 2)).toBeLessThan(300);
    },
  },
];

function draw<T>(one: () => T): T[] {
  return Array.from({ length: DRAWS }, one);
}
