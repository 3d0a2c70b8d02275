import { BusClosedError, RequestTimeoutError, type Bus } from "../../../../controlplane/ports/bus.ts";
import type { WrongAdapter } from "../../contract.ts";
import type { BusWorld } from "../bus-world.ts";
import { wrongBus } from "./twist.ts";

export const wrongClosing: Readonly<Record<string, WrongAdapter<BusWorld>>> = {
  "what was published before the bus is closed still arrives": wrongBus(
    "leaves without its last words",
    ({ after }) =>
      (bus) => ({ publish: (subject, payload) => after(1, () => bus.publish(subject, payload)) }),
  ),
  "a closed bus publishes nothing, and does not complain": wrongBus("complains once closed", () => (bus) => {
    const { isClosed, close } = watchClose(bus);
    return {
      close,
      publish: (subject, payload) => {
        if (isClosed()) throw new BusClosedError();
        bus.publish(subject, payload);
      },
    };
  }),
  "a bus publishes nothing from the moment it is being closed, and does not complain": wrongBus(
    "sends until it has left",
    ({ after }) =>
      (bus) => ({
        close: () =>
          new Promise((resolve) => {
            after(5, () => void bus.close().then(resolve));
          }),
      }),
  ),
  "a request under way when the bus is closed fails with BusClosedError": wrongBus(
    "takes a request cut off for one unanswered",
    () => (bus) => ({
      request: (subject, payload, options) =>
        bus.request(subject, payload, options).catch(() => {
          throw new RequestTimeoutError(subject, options.timeoutMs);
        }),
    }),
  ),
  "a request on a closed bus fails with BusClosedError": wrongBus(
    "answers nothing once closed",
    () => (bus) => {
      const { isClosed, close } = watchClose(bus);
      return {
        close,
        request: (...question) => (isClosed() ? new Promise(() => {}) : bus.request(...question)),
      };
    },
  ),
  "a flush of a closed bus fails with BusClosedError": wrongBus(
    "has nothing to flush once closed",
    () => (bus) => {
      const { isClosed, close } = watchClose(bus);
      return { close, flush: () => (isClosed() ? Promise.resolve() : bus.flush()) };
    },
  ),
  "a closed bus hears nothing more, and is not counted": wrongBus(
    "leaves and comes back",
    ({ connect }) =>
      (bus) => {
        const subjects: string[] = [];
        return {
          subscribe: (subject, handler) => {
            subjects.push(subject);
            return bus.subscribe(subject, handler);
          },
          close: async () => {
            await bus.close();
            const successor = await connect("successor");
            for (const subject of subjects) successor.subscribe(subject, () => {});
            await successor.flush();
          },
        };
      },
  ),
  "closing a bus again does nothing, while it is leaving and afterwards": wrongBus(
    "complains when it is closed twice",
    () => (bus) => {
      const { isClosed, close } = watchClose(bus);
      return { close: () => (isClosed() ? Promise.reject(new BusClosedError()) : close()) };
    },
  ),
  "a client that leaves by itself is not told that its connection is lost": wrongBus(
    "tells its own leaving as a loss",
    () => (bus) => {
      const listeners: ((state: "connected" | "disconnected") => void)[] = [];
      return {
        onConnection: (listener) => void listeners.push(listener),
        close: async () => {
          await bus.close();
          for (const listener of listeners) listener("disconnected");
        },
      };
    },
  ),
};

function watchClose(bus: Bus): { readonly isClosed: () => boolean; readonly close: () => Promise<void> } {
  let closed = false;
  return {
    isClosed: () => closed,
    close: () => {
      closed = true;
      return bus.close();
    },
  };
}
