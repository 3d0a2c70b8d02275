import type { Bus } from "../../../../controlplane/ports/bus.ts";
import { connectSimBus } from "../../../../harness/engines/sim/network/nats-client.ts";
import { createNetwork, type Attachment } from "../../../../harness/engines/sim/network/network.ts";
import { createSimProcess, type SimProcess } from "../../../../harness/engines/sim/process/process.ts";
import { createSimDisk, type SimDisk } from "../../../../harness/engines/sim/process/sim-disk.ts";
import { NATS_PORT } from "../../../../harness/engines/sim/programs/nats-server.ts";
import { natsProgram } from "../../../../harness/engines/sim/programs/nats.ts";
import { createRandomStreams } from "../../../../harness/engines/sim/time/random-streams.ts";
import { createVirtualTime } from "../../../../harness/engines/sim/time/virtual-time.ts";
import { WaitedInVainError } from "../../contract.ts";
import { closingOf, createBrokerLines, type BrokerLines } from "../broker-lines.ts";
import { LISTENER_ANSWER, type BusWorld } from "../bus-world.ts";
import { connectionOf, createInbox } from "../inbox.ts";

/** A case that still waits after so much virtual time waits in vain. */
const LIMIT_MS = 600_000;

export interface SimBusWorld extends BusWorld {
  readonly record: BrokerLines;
  readonly after: (delayMs: number, task: () => void) => void;
  /** The disk of the broker's machine. */
  readonly brokerDisk: SimDisk;
  /** A client that shows something, or gets its answers somewhere else. */
  readonly connectAs: (name: string, shown: Shown) => Promise<Bus>;
}

type Shown = Pick<Parameters<typeof connectSimBus>[1], "credentials" | "inboxPrefix">;

/** The adapter that runs in simulation, against the simulated nats-server. */
export function openSimBusWorld(seed = 1): SimBusWorld {
  const streamOf = createRandomStreams(seed);
  const time = createVirtualTime(streamOf("ties"));
  const network = createNetwork(time, streamOf);
  const record = createBrokerLines();
  const failed = new Promise<never>((_, reject) => {
    time.onFailure(reject);
    time.after(LIMIT_MS, () => reject(new WaitedInVainError(`still waiting after ${LIMIT_MS} virtual ms`)));
  });
  failed.catch(() => {});
  const home = network.join("nats");
  const brokerDisk = createSimDisk();
  let broker = startBroker();
  time.start();

  return {
    failed,
    record,
    brokerDisk,
    connectAs: async (name, shown) => (await client(name, shown)).bus,
    after: (delayMs, task) => void time.after(delayMs, task),
    broker: {
      kill: () => Promise.resolve(broker.kill()),
      start: () => {
        broker = startBroker();
        return Promise.resolve();
      },
      pause: () => freeze(broker, home),
      resume: () => thaw(broker, home),
      dropped: async (client) => {
        await record.until(closingOf(client));
      },
    },
    connect: async (name) => (await client(name)).bus,
    connectByLink: async (name) => {
      const { bus, place } = await client(name);
      const connection = connectionOf(bus);
      return {
        bus,
        link: {
          cut: () => Promise.resolve(place.cut("both")),
          lose: async () => {
            const noticed = connection.next("disconnected");
            place.cut("both");
            await noticed;
          },
          heal: () => Promise.resolve(place.heal()),
        },
      };
    },
    spawn: async (name, subject) => {
      const { bus, process, place } = await client(name);
      const inbox = createInbox();
      bus.subscribe(subject, (message) => {
        inbox.add(message.payload);
        message.respond(LISTENER_ANSWER);
      });
      await bus.flush();
      return {
        inbox,
        pause: () => freeze(process, place),
        resume: () => thaw(process, place),
        kill: async () => {
          process.kill();
          await record.until(closingOf(name));
        },
      };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(time.stop()),
  };

  function startBroker(): SimProcess {
    const process = startProcess(home);
    natsProgram({
      machine: "nats",
      args: [],
      env: {},
      process,
      network: home,
      disk: brokerDisk,
      database: () => {
        throw new Error("a broker has no database");
      },
      chance: streamOf("nats"),
      nowMs: () => time.nowMs(),
      print: (_, line) => record.add(line),
      exit: () => process.kill(),
    });
    return process;
  }

  function startProcess(place: Attachment): SimProcess {
    const process = createSimProcess(time);
    process.onKill(() => place.close());
    return process;
  }

  async function client(
    name: string,
    shown: Shown = {},
  ): Promise<{ readonly bus: Bus; readonly process: SimProcess; readonly place: Attachment }> {
    const place = network.join(name.replaceAll(" ", "-"));
    const process = startProcess(place);
    const bus = await connectSimBus(
      { process, network: place, chance: streamOf(name) },
      { host: "nats", port: NATS_PORT, name, ...shown },
    );
    return { bus, process, place };
  }
}

function freeze(process: SimProcess, place: Attachment): Promise<void> {
  process.freeze();
  place.freeze();
  return Promise.resolve();
}

function thaw(process: SimProcess, place: Attachment): Promise<void> {
  place.thaw();
  process.thaw();
  return Promise.resolve();
}
