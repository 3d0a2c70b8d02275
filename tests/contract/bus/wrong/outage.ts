import { BusClosedError } from "../../../../controlplane/ports/bus.ts";
import type { WrongAdapter } from "../../contract.ts";
import type { BusWorld } from "../bus-world.ts";
import { hearing, watchConnection, wrongBus, wrongWorld } from "./twist.ts";

export const wrongOutage: Readonly<Record<string, WrongAdapter<BusWorld>>> = {
  "a client is told of the broker's death and of its return, once each": wrongBus(
    "tells of everything twice",
    () => (bus) => ({
      onConnection: (listener) => {
        bus.onConnection(listener);
        bus.onConnection(listener);
      },
    }),
  ),
  "a client that connects while there is no broker is connected as soon as there is one": wrongWorld(
    "gives up when there is no broker",
    (world) => {
      let isThere = true;
      return {
        broker: {
          ...world.broker,
          kill: () => {
            isThere = false;
            return world.broker.kill();
          },
        },
        connect: (name) => (isThere ? world.connect(name) : Promise.reject(new Error("connection refused"))),
      };
    },
  ),
  "subscriptions are made anew when the broker is back": wrongBus(
    "forgets its subscriptions with the connection",
    () => (bus) => {
      let wasAway = false;
      bus.onConnection(() => {
        wasAway = true;
      });
      return hearing(bus, (message, handler) => {
        if (!wasAway) handler(message);
      });
    },
  ),
  "a subscription made while the broker is away is there once it is back": wrongBus(
    "makes a subscription at once and again on return",
    () => (bus) => {
      const { isAway } = watchConnection(bus);
      return {
        subscribe: (subject, handler) => {
          if (isAway()) bus.subscribe(subject, handler);
          return bus.subscribe(subject, handler);
        },
      };
    },
  ),
  "a subscription ended while the broker is away stays ended": wrongBus(
    "makes every subscription anew, ended or not",
    () => (bus) => {
      const { isAway } = watchConnection(bus);
      return {
        subscribe: (subject, handler) => {
          const subscription = bus.subscribe(subject, handler);
          return {
            unsubscribe: () => {
              if (!isAway()) subscription.unsubscribe();
            },
          };
        },
      };
    },
  ),
  "what is published while the broker is away is lost": wrongBus(
    "keeps messages and sends them on return",
    () => (bus) => {
      const { isAway, onReturn } = watchConnection(bus);
      return {
        publish: (subject, payload) => {
          if (isAway()) onReturn(() => bus.publish(subject, payload));
          else bus.publish(subject, payload);
        },
      };
    },
  ),
  "a flush fails while the broker is away": wrongBus("has nothing to flush while it is away", () => (bus) => {
    const { isAway } = watchConnection(bus);
    return { flush: () => (isAway() ? Promise.resolve() : bus.flush()) };
  }),
  "a request made while the broker is away gets no answer, and fails after its time": wrongBus(
    "asks on return",
    ({ after }) =>
      (bus) => {
        const { isAway, onReturn } = watchConnection(bus);
        return {
          request: (subject, payload, options) =>
            isAway()
              ? new Promise((resolve, reject) => {
                  onReturn(() =>
                    after(5, () => void bus.request(subject, payload, options).then(resolve, reject)),
                  );
                })
              : bus.request(subject, payload, options),
        };
      },
  ),
  "a request under way when the broker dies fails after its time": wrongBus(
    "takes a lost connection for a closed one",
    () => (bus) => ({
      request: (subject, payload, options) =>
        new Promise((resolve, reject) => {
          bus.onConnection(() => reject(new BusClosedError()));
          void bus.request(subject, payload, options).then(resolve, reject);
        }),
    }),
  ),
  "a new broker remembers nobody: who has left meanwhile is not counted": wrongWorld(
    "has a broker that remembers who listened",
    (world) => {
      const subjects: string[] = [];
      return {
        connect: async (name) => {
          const bus = await world.connect(name);
          return {
            ...bus,
            subscribe: (subject, handler) => {
              subjects.push(subject);
              return bus.subscribe(subject, handler);
            },
          };
        },
        broker: {
          ...world.broker,
          start: async () => {
            await world.broker.start();
            const memory = await world.connect("memory");
            for (const subject of subjects) memory.subscribe(subject, () => {});
            await memory.flush();
          },
        },
      };
    },
  ),
  "a bus can be closed while the broker is away": wrongBus(
    "waits for the broker to take its last words in",
    () => (bus) => {
      const { isAway, onReturn } = watchConnection(bus);
      return {
        close: async () => {
          if (isAway()) {
            await new Promise<void>((resolve) => {
              onReturn(resolve);
            });
          }
          await bus.close();
        },
      };
    },
  ),
};
