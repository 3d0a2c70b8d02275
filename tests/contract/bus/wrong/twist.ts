import type { Bus, BusMessage } from "../../../../controlplane/ports/bus.ts";
import type { WrongAdapter } from "../../contract.ts";
import type { BusWorld } from "../bus-world.ts";
import { openSimBusWorld, type SimBusWorld } from "../sim/sim-world.ts";

/** What a client does otherwise. What is made outside it is shared by all clients of a world. */
export type Twist = (bus: Bus) => Partial<Bus>;

/** The simulated world, with every client twisted. */
export function wrongBus(does: string, twistIn: (world: SimBusWorld) => Twist): WrongAdapter<BusWorld> {
  return wrongWorld(does, (world) => {
    const twist = twistIn(world);
    const twisted = (bus: Bus): Bus => ({ ...bus, ...twist(bus) });
    return {
      connect: async (name) => twisted(await world.connect(name)),
      connectByLink: async (name) => {
        const { bus, link } = await world.connectByLink(name);
        return { bus: twisted(bus), link };
      },
    };
  });
}

/** The simulated world, twisted itself. */
export function wrongWorld(
  does: string,
  twist: (world: SimBusWorld) => Partial<BusWorld>,
): WrongAdapter<BusWorld> {
  return {
    does,
    open: () => {
      const world = openSimBusWorld();
      return { ...world, ...twist(world) };
    },
  };
}

/** A bus that does something else with each message before its handlers get it. */
export function hearing(
  bus: Bus,
  hear: (message: BusMessage, handler: (message: BusMessage) => void, pattern: string) => void,
): Pick<Bus, "subscribe"> {
  return {
    subscribe: (subject, handler) => bus.subscribe(subject, (message) => hear(message, handler, subject)),
  };
}

/** Whether a bus is connected now. */
export function watchConnection(bus: Bus): {
  readonly isAway: () => boolean;
  readonly onReturn: (task: () => void) => void;
} {
  let away = false;
  const tasks: (() => void)[] = [];
  bus.onConnection((state) => {
    away = state === "disconnected";
    if (!away) for (const task of tasks.splice(0)) task();
  });
  return { isAway: () => away, onReturn: (task) => void tasks.push(task) };
}
