import { expect, it } from "vitest";
import { failureOf, runCase, testContract } from "../contract.ts";
import { busContract } from "./bus.contract.ts";
import { natsServerMissing } from "./real/nats-server.ts";
import { openRealBusWorld } from "./real/real-world.ts";
import { openSimBusWorld } from "./sim/sim-world.ts";

testContract("bus", busContract, [
  {
    name: "the NATS client and a real nats-server",
    open: openRealBusWorld,
    unavailable: natsServerMissing(),
  },
  { name: "the simulated client and server", open: openSimBusWorld },
]);

it("the simulated client and server keep the bus contract whatever the seed", async () => {
  const broken: string[] = [];
  for (let seed = 2; seed <= 20; seed += 1) {
    for (const one of busContract) {
      const failure = await failureOf(runCase(one, { open: () => openSimBusWorld(seed) }));
      if (failure instanceof Error) broken.push(`seed ${seed}, ${one.name}: ${failure.message}`);
    }
  }
  expect(broken).toEqual([]);
});
