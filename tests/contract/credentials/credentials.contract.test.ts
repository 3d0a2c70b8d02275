import { testContract } from "../contract.ts";
import { natsServerMissing } from "../bus/real/nats-server.ts";
import { credentialsContract } from "./credentials.contract.ts";
import { openRealWorld, openSimWorld } from "./worlds.ts";

testContract("credentials", credentialsContract, [
  { name: "Ed25519 and a real nats-server", open: openRealWorld, unavailable: natsServerMissing() },
  { name: "the simulated ones and the simulated nats-server", open: () => openSimWorld() },
]);
