import type { WrongAdapter } from "../../contract.ts";
import type { BusWorld } from "../bus-world.ts";
import type { SimBusWorld } from "../sim/sim-world.ts";
import { hearing, watchConnection, wrongBus, wrongWorld } from "./twist.ts";

export const wrongLinks: Readonly<Record<string, WrongAdapter<BusWorld>>> = {
  "what is sent into a short cut arrives after it, in order": wrongWorld(
    "loses what is sent into a cut",
    (world) => losingWhileCut(world),
  ),
  "what is sent to a client behind a short cut arrives after it, in order": wrongWorld(
    "loses what is sent to a client behind a cut",
    (world) => losingWhileCut(world),
  ),
  "a client is told that its connection is lost, and that it is back": wrongBus(
    "tells nothing",
    () => () => ({
      onConnection: () => {},
    }),
  ),
  "what others send while a client's connection is lost never arrives there; what they send afterwards does":
    wrongBus("keeps for a client what it missed", () => {
      const sent: string[] = [];
      return (bus) => {
        let heard = 0;
        bus.onConnection((state) => {
          if (state === "disconnected") heard = sent.length;
        });
        return {
          publish: (subject, payload) => {
            sent.push(payload);
            bus.publish(subject, payload);
          },
          ...hearing(bus, (message, handler) => {
            for (const payload of sent.slice(heard)) handler({ ...message, payload });
            heard = sent.length;
          }),
        };
      };
    }),
  "what is published during the try that succeeds is sent on return, in order": wrongBus(
    "loses everything that is published while it is away",
    () => (bus) => {
      const { isAway } = watchConnection(bus);
      return {
        publish: (subject, payload) => {
          if (!isAway()) bus.publish(subject, payload);
        },
      };
    },
  ),
  "a client that leaves while its connection is lost is not counted once the broker has noticed": wrongBus(
    "waits for the broker before it leaves, and then forgets to",
    ({ after }) =>
      (bus) => {
        const { onReturn } = watchConnection(bus);
        return {
          close: () =>
            new Promise((resolve) => {
              onReturn(() => after(5, resolve));
            }),
        };
      },
  ),
};

/** What is sent while some link is cut does not get through it, in either direction, not even afterwards. */
function losingWhileCut(world: SimBusWorld): Partial<BusWorld> {
  let isCut = false;
  const lost = new Set<string>();
  return {
    connect: async (name) => {
      const bus = await world.connect(name);
      return {
        ...bus,
        publish: (subject, payload) => {
          if (isCut) lost.add(payload);
          bus.publish(subject, payload);
        },
      };
    },
    connectByLink: async (name) => {
      const { bus, link } = await world.connectByLink(name);
      return {
        bus: {
          ...bus,
          publish: (subject, payload) => {
            if (!isCut) bus.publish(subject, payload);
          },
          ...hearing(bus, (message, handler) => {
            if (!lost.has(message.payload)) handler(message);
          }),
        },
        link: {
          ...link,
          cut: () => {
            isCut = true;
            return link.cut();
          },
          heal: () => {
            isCut = false;
            return link.heal();
          },
        },
      };
    },
  };
}
