import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectNatsBus } from "../../../controlplane/adapters/nats-bus.ts";
import { systemCredentials } from "../../../controlplane/adapters/system-credentials.ts";
import { createSimCredentials } from "../../../harness/engines/sim/programs/credentials.ts";
import { createRandomStreams } from "../../../harness/engines/sim/time/random-streams.ts";
import { openRealBusWorld } from "../bus/real/real-world.ts";
import { openSimBusWorld } from "../bus/sim/sim-world.ts";
import type { CredentialsWorld } from "./credentials-world.ts";

/** Ed25519, and a real nats-server. */
export async function openRealWorld(): Promise<CredentialsWorld> {
  const credentials = systemCredentials;
  const secret = credentials.createSecret();
  const folder = mkdtempSync(join(tmpdir(), "credentials-"));
  const config = join(folder, "auth.conf");
  writeFileSync(config, credentials.openCluster(secret).brokerConfig());
  const world = await openRealBusWorld(config);
  const opened: { close(): Promise<void> }[] = [];
  return {
    failed: world.failed,
    credentials,
    secret,
    connect: async (name, shown) => {
      const bus = await connectNatsBus({ url: world.url, name, ...shown });
      opened.push(bus);
      return bus;
    },
    restartForAnotherCluster: async (other) => {
      await world.broker.kill();
      writeFileSync(config, credentials.openCluster(other).brokerConfig());
      await world.broker.start();
    },
    record: world.record,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(opened.map((bus) => bus.close()));
      await world[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The light ones of a simulation, and the simulated nats-server; `isOpen`: it was given nothing. */
export function openSimWorld({ seed = 1, isOpen = false } = {}): CredentialsWorld {
  const world = openSimBusWorld(seed);
  const credentials = createSimCredentials(createRandomStreams(seed)("credentials"));
  const secret = credentials.createSecret();
  const configure = (of: string) => {
    if (isOpen) return;
    world.brokerDisk.write("auth.conf", credentials.openCluster(of).brokerConfig());
  };
  configure(secret);
  // The one that is there has read no configuration.
  const isReady = world.broker.kill().then(() => world.broker.start());
  return {
    failed: world.failed,
    credentials,
    secret,
    connect: async (name, shown = {}) => {
      await isReady;
      return await world.connectAs(name, shown);
    },
    restartForAnotherCluster: async (other) => {
      await world.broker.kill();
      configure(other);
      await world.broker.start();
    },
    record: world.record,
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}
