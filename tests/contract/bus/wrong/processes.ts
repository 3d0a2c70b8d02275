import { NoRespondersError } from "../../../../controlplane/ports/bus.ts";
import type { WrongAdapter } from "../../contract.ts";
import type { BusWorld, Listener } from "../bus-world.ts";
import { createInbox } from "../inbox.ts";
import type { SimBusWorld } from "../sim/sim-world.ts";
import { wrongWorld } from "./twist.ts";

export const wrongProcesses: Readonly<Record<string, WrongAdapter<BusWorld>>> = {
  "a paused subscriber gets what was sent meanwhile when it goes on, in order": wrongWorld(
    "hands over newest first after a pause",
    (world) => ({
      spawn: async (name, subject) => {
        const listener = await world.spawn(name, subject);
        const inbox = createInbox();
        const handOver = (payloads: readonly string[]): void => {
          for (const payload of payloads) inbox.add(payload);
        };
        void listener.inbox.until("before").then(handOver);
        void listener.inbox.until("after").then(([, ...meanwhile]) => handOver(meanwhile.toReversed()));
        return { ...listener, inbox };
      },
    }),
  ),
  "a paused subscriber still counts as one: a request to it waits its time": wrongWorld(
    "takes a paused client for a dead one",
    (world) => {
      let isPaused = false;
      return {
        spawn: async (name, subject) => {
          const listener = await world.spawn(name, subject);
          return { ...listener, pause: noting(listener.pause, () => (isPaused = true)) };
        },
        connect: async (name) => {
          const bus = await world.connect(name);
          return {
            ...bus,
            request: (subject, payload, options) =>
              isPaused
                ? Promise.reject(new NoRespondersError(subject))
                : bus.request(subject, payload, options),
          };
        },
      };
    },
  ),
  "a killed subscriber counts no more: messages go to nobody, requests fail at once": wrongWorld(
    "takes a killed client for a paused one",
    (world) => ({
      spawn: async (name, subject) => {
        const listener = await world.spawn(name, subject);
        return { ...listener, kill: listener.pause };
      },
    }),
  ),
  "a paused broker delivers what was sent meanwhile when it goes on, in order": wrongWorld(
    "loses what is sent to a paused broker",
    (world) => losingWhilePaused(world),
  ),
};

function losingWhilePaused(world: SimBusWorld): Partial<BusWorld> {
  let isPaused = false;
  return {
    broker: {
      ...world.broker,
      pause: noting(world.broker.pause, () => (isPaused = true)),
      resume: noting(world.broker.resume, () => (isPaused = false)),
    },
    connect: async (name) => {
      const bus = await world.connect(name);
      return {
        ...bus,
        publish: (subject, payload) => {
          if (!isPaused) bus.publish(subject, payload);
        },
      };
    },
  };
}

function noting(act: Listener["pause"], note: () => void): Listener["pause"] {
  return () => {
    note();
    return act();
  };
}
