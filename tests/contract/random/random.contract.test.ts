import { systemRandom } from "../../../controlplane/adapters/system-random.ts";
import type { Random } from "../../../controlplane/ports/random.ts";
import { createRandomStreams } from "../../../harness/engines/sim/time/random-streams.ts";
import { NEVER, testContract, testThatEachCaseCanFail, type WrongAdapter } from "../contract.ts";
import { randomContract, type RandomWorld } from "./random.contract.ts";

testContract("random", randomContract, [
  { name: "this machine's chance", open: () => worldOf(systemRandom) },
  { name: "a seeded stream", open: () => worldOf(createRandomStreams(1)("any")) },
]);

testThatEachCaseCanFail("random", randomContract, {
  "a uuid is of version 4 and in lower case": wrong("writes uuids in upper case", (random) => ({
    uuid: () => random.uuid().toUpperCase(),
  })),
  "no uuid comes twice": wrong("draws from a small pool", (random) => ({
    uuid: () => `00000000-0000-4000-8000-${Math.floor(random.fraction() * 1e6)}`,
  })),
  "a fraction is at least 0 and less than 1": wrong("rounds to two digits", (random) => ({
    fraction: () => Math.round(random.fraction() * 100) / 100,
  })),
  "fractions are spread evenly": wrong("prefers small ones", (random) => ({
    fraction: () => random.fraction() ** 2,
  })),
  "a fraction tells nothing about the next one": wrong("goes through them in order", () => {
    let step = 0;
    return { fraction: () => (step++ % 1_000) / 1_000 };
  }),
});

function worldOf(random: Random): RandomWorld {
  return { failed: NEVER, random, [Symbol.asyncDispose]: () => Promise.resolve() };
}

function wrong(does: string, twist: (random: Random) => Partial<Random>): WrongAdapter<RandomWorld> {
  return { does, open: () => worldOf({ ...systemRandom, ...twist(systemRandom) }) };
}
