import type { WrongAdapter } from "../../contract.ts";
import type { BusWorld } from "../bus-world.ts";
import { hearing, wrongBus } from "./twist.ts";

export const wrongDelivery: Readonly<Record<string, WrongAdapter<BusWorld>>> = {
  "a message that nobody listens for is taken in, and never delivered later": wrongBus(
    "keeps messages for those who come later",
    () => {
      const kept: { readonly subject: string; readonly payload: string }[] = [];
      return (bus) => ({
        publish: (subject, payload) => {
          kept.push({ subject, payload });
          bus.publish(subject, payload);
        },
        subscribe: (subject, handler) => {
          for (const message of kept) {
            if (message.subject === subject) handler({ ...message, respond: () => {} });
          }
          return bus.subscribe(subject, handler);
        },
      });
    },
  ),
  "every subscriber gets a message, once": wrongBus(
    "delivers twice",
    () => (bus) =>
      hearing(bus, (message, handler) => {
        handler(message);
        handler(message);
      }),
  ),
  "each subscription of one client gets a copy of its own": wrongBus(
    "gives a client one copy only",
    () => (bus) => {
      const heard = new Set<string>();
      return hearing(bus, (message, handler) => {
        if (!heard.has(message.payload)) handler(message);
        heard.add(message.payload);
      });
    },
  ),
  "a client hears its own messages": wrongBus("spares a client its own messages", () => (bus) => {
    const own = new Set<string>();
    return {
      publish: (subject, payload) => {
        own.add(payload);
        bus.publish(subject, payload);
      },
      ...hearing(bus, (message, handler) => {
        if (!own.has(message.payload)) handler(message);
      }),
    };
  }),
  "`*` stands for exactly one token": wrongBus("takes `*` for a part of a subject", () => (bus) => ({
    subscribe: (pattern, handler) => {
      const parts = pattern.split("*");
      return bus.subscribe(">", (message) => {
        const { subject } = message;
        if (subject.startsWith(parts[0] ?? "") && subject.endsWith(parts[1] ?? "")) handler(message);
      });
    },
  })),
  "`>` stands for one token or more at the end": wrongBus("takes `>` for one token", () => (bus) => ({
    subscribe: (pattern, handler) => bus.subscribe(pattern.replace(/>$/, "*"), handler),
  })),
  "a message tells the subject that it was sent to, whatever the subscription": wrongBus(
    "tells the pattern for the subject",
    () => (bus) => hearing(bus, (message, handler, pattern) => handler({ ...message, subject: pattern })),
  ),
  "the messages of one publisher on one subject arrive in order": wrongBus(
    "lets each second message overtake the one before",
    () => (bus) => {
      let held: (() => void) | undefined;
      return {
        publish: (subject, payload) => {
          if (held === undefined) held = () => bus.publish(subject, payload);
          else {
            bus.publish(subject, payload);
            held();
            held = undefined;
          }
        },
      };
    },
  ),
  "the messages of one publisher on several subjects arrive in order, through one subscription or several":
    wrongBus("keeps the order within a subject only", ({ after }) => (bus) => ({
      publish: (subject, payload) => {
        if (subject === "news.a") after(5, () => bus.publish(subject, payload));
        else bus.publish(subject, payload);
      },
    })),
  "after unsubscribing, nothing comes any more, not even what is on its way": wrongBus(
    "unsubscribes at the broker only",
    ({ after }) =>
      (bus) => ({
        subscribe: (subject, handler) => {
          const subscription = bus.subscribe(subject, handler);
          return { unsubscribe: () => after(1, () => subscription.unsubscribe()) };
        },
      }),
  ),
  "unsubscribing leaves other subscriptions to the same subject alone": wrongBus(
    "unsubscribes everybody from the subject",
    () => (bus) => {
      const gone = new Set<string>();
      return {
        subscribe: (subject, handler) => {
          const subscription = bus.subscribe(subject, (message) => {
            if (!gone.has(subject)) handler(message);
          });
          return {
            unsubscribe: () => {
              gone.add(subject);
              subscription.unsubscribe();
            },
          };
        },
      };
    },
  ),
  "once a subscription is flushed, the broker knows of it": wrongBus(
    "subscribes later than it says",
    ({ after }) =>
      (bus) => ({
        subscribe: (subject, handler) => {
          after(5, () => bus.subscribe(subject, handler));
          return { unsubscribe: () => {} };
        },
      }),
  ),
  "a flush resolves once the broker has taken in everything sent before": wrongBus(
    "takes a message for sent when it is only written down",
    ({ after }) =>
      (bus) => ({
        publish: (subject, payload) => after(5, () => bus.publish(subject, payload)),
      }),
  ),
};
