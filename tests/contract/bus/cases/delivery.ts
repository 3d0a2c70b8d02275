import { expect } from "vitest";
import type { ContractCase } from "../../contract.ts";
import type { BusWorld } from "../bus-world.ts";
import { listen } from "../inbox.ts";

/** Who gets a message: those who listen when the broker takes it in, each once. */
export const deliveryCases: readonly ContractCase<BusWorld>[] = [
  {
    name: "a message that nobody listens for is taken in, and never delivered later",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const late = await world.connect("late");
      publisher.publish("news", "missed");
      await publisher.flush();
      const inbox = await listen(late, "news");
      publisher.publish("news", "fence");
      expect(await inbox.until("fence")).toEqual(["fence"]);
    },
  },
  {
    name: "every subscriber gets a message, once",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const one = await listen(await world.connect("one"), "news");
      const two = await listen(await world.connect("two"), "news");
      publisher.publish("news", "message");
      publisher.publish("news", "fence");
      expect(await one.until("fence")).toEqual(["message", "fence"]);
      expect(await two.until("fence")).toEqual(["message", "fence"]);
    },
  },
  {
    name: "each subscription of one client gets a copy of its own",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const client = await world.connect("client");
      const first = await listen(client, "news");
      const second = await listen(client, "news");
      const wild = await listen(client, "*");
      publisher.publish("news", "message");
      publisher.publish("news", "fence");
      for (const inbox of [first, second, wild]) {
        expect(await inbox.until("fence")).toEqual(["message", "fence"]);
      }
    },
  },
  {
    name: "a client hears its own messages",
    run: async (world) => {
      const client = await world.connect("client");
      const other = await world.connect("other");
      const inbox = await listen(client, "news");
      client.publish("news", "own");
      await client.flush();
      other.publish("news", "fence");
      expect(await inbox.until("fence")).toEqual(["own", "fence"]);
    },
  },
  {
    name: "`*` stands for exactly one token",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const inbox = await listen(await world.connect("listener"), "node.*.in");
      for (const subject of [
        "node.a.in",
        "node.in",
        "node.a.b.in",
        "node.a.out",
        "other.a.in",
        "node.b.in",
      ]) {
        publisher.publish(subject, subject);
      }
      publisher.publish("node.fence.in", "fence");
      expect(await inbox.until("fence")).toEqual(["node.a.in", "node.b.in", "fence"]);
    },
  },
  {
    name: "`>` stands for one token or more at the end",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const inbox = await listen(await world.connect("listener"), "node.>");
      for (const subject of ["node.a", "node", "node.a.in", "other.a", "node.a.b.c"]) {
        publisher.publish(subject, subject);
      }
      publisher.publish("node.fence", "fence");
      expect(await inbox.until("fence")).toEqual(["node.a", "node.a.in", "node.a.b.c", "fence"]);
    },
  },
  {
    name: "a message tells the subject that it was sent to, whatever the subscription",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const listener = await world.connect("listener");
      const arrived = new Promise((resolve) => {
        listener.subscribe("node.*.in", ({ subject }) => resolve(subject));
      });
      await listener.flush();
      publisher.publish("node.a.in", "message");
      expect(await arrived).toBe("node.a.in");
    },
  },
  {
    name: "the messages of one publisher on one subject arrive in order",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const inbox = await listen(await world.connect("listener"), "news");
      const sent = Array.from({ length: 500 }, (_, index) => `message ${index}`);
      for (const payload of sent) publisher.publish("news", payload);
      expect(await inbox.until("message 499")).toEqual(sent);
    },
  },
  {
    name: "the messages of one publisher on several subjects arrive in order, through one subscription or several",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const listener = await world.connect("listener");
      const wild = await listen(await world.connect("wild"), "news.*");
      const inOrder: string[] = [];
      for (const subject of ["news.a", "news.b", "news.c"]) {
        listener.subscribe(subject, ({ payload }) => inOrder.push(payload));
      }
      const fence = await listen(listener, "fence");
      const sent = Array.from({ length: 300 }, (_, index) => `message ${index}`);
      for (const [index, payload] of sent.entries())
        publisher.publish(`news.${"abc".charAt(index % 3)}`, payload);
      publisher.publish("fence", "fence");
      expect(await wild.until("message 299")).toEqual(sent);
      await fence.until("fence");
      expect(inOrder).toEqual(sent);
    },
  },
  {
    name: "after unsubscribing, nothing comes any more, not even what is on its way",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const listener = await world.connect("listener");
      const got: string[] = [];
      const subscription = listener.subscribe("news", ({ payload }) => {
        got.push(payload);
        subscription.unsubscribe();
      });
      const fence = await listen(listener, "fence");
      for (const payload of ["first", "second", "third"]) publisher.publish("news", payload);
      publisher.publish("fence", "fence");
      await fence.until("fence");
      expect(got).toEqual(["first"]);
    },
  },
  {
    name: "unsubscribing leaves other subscriptions to the same subject alone",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const listener = await world.connect("listener");
      const left = await listen(listener, "news");
      const stays = await listen(listener, "news");
      left.subscription.unsubscribe();
      publisher.publish("news", "fence");
      expect(await stays.until("fence")).toEqual(["fence"]);
    },
  },
  {
    name: "once a subscription is flushed, the broker knows of it",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const listener = await world.connect("listener");
      const inbox = await listen(listener, "news");
      publisher.publish("news", "message");
      await publisher.flush();
      listener.publish("news", "fence");
      expect(await inbox.until("fence")).toEqual(["message", "fence"]);
    },
  },
  {
    name: "a flush resolves once the broker has taken in everything sent before",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const listener = await world.connect("listener");
      for (let index = 0; index < 100; index += 1) publisher.publish("news", `before ${index}`);
      await publisher.flush();
      const inbox = await listen(listener, "news");
      publisher.publish("news", "fence");
      expect(await inbox.until("fence")).toEqual(["fence"]);
    },
  },
];
