import { expect } from "vitest";
import { NoRespondersError } from "../../../../controlplane/ports/bus.ts";
import { failureOf, type ContractCase } from "../../contract.ts";
import type { BusWorld } from "../bus-world.ts";
import { connectionOf, listen, serve } from "../inbox.ts";

/** The way between one client and the broker is cut, and heals: with the connection still there, or gone. */
export const linkCases: readonly ContractCase<BusWorld>[] = [
  {
    name: "what is sent into a short cut arrives after it, in order",
    run: async (world) => {
      const { bus, link } = await world.connectByLink("publisher");
      const inbox = await listen(await world.connect("listener"), "news");
      const connection = connectionOf(bus);
      bus.publish("news", "before");
      await inbox.until("before");
      await link.cut();
      for (const payload of ["one", "two", "three"]) bus.publish("news", payload);
      await link.heal();
      bus.publish("news", "after");
      expect(await inbox.until("after")).toEqual(["before", "one", "two", "three", "after"]);
      expect(connection.told).toEqual([]);
    },
  },
  {
    name: "what is sent to a client behind a short cut arrives after it, in order",
    run: async (world) => {
      const { bus, link } = await world.connectByLink("listener");
      const publisher = await world.connect("publisher");
      const witness = await listen(await world.connect("witness"), "news");
      const inbox = await listen(bus, "news");
      await link.cut();
      for (const payload of ["one", "two", "three"]) publisher.publish("news", payload);
      await witness.until("three");
      expect(inbox.payloads).toEqual([]);
      await link.heal();
      publisher.publish("news", "after");
      expect(await inbox.until("after")).toEqual(["one", "two", "three", "after"]);
    },
  },
  {
    name: "a client is told that its connection is lost, and that it is back",
    run: async (world) => {
      const { bus, link } = await world.connectByLink("client");
      const connection = connectionOf(bus);
      await link.lose();
      expect(connection.told).toEqual(["disconnected"]);
      const back = connection.next("connected");
      await link.heal();
      await back;
      await bus.flush();
      expect(connection.told).toEqual(["disconnected", "connected"]);
    },
  },
  {
    name: "what others send while a client's connection is lost never arrives there; what they send afterwards does",
    run: async (world) => {
      const { bus, link } = await world.connectByLink("listener");
      const publisher = await world.connect("publisher");
      const inbox = await listen(bus, "news");
      const { next } = connectionOf(bus);
      await link.lose();
      publisher.publish("news", "missed");
      await publisher.flush();
      const back = next("connected");
      await link.heal();
      await back;
      await bus.flush();
      publisher.publish("news", "fence");
      expect(await inbox.until("fence")).toEqual(["fence"]);
    },
  },
  {
    name: "what is published during the try that succeeds is sent on return, in order",
    run: async (world) => {
      const { bus, link } = await world.connectByLink("publisher");
      const inbox = await listen(await world.connect("listener"), "news");
      await link.lose();
      for (const payload of ["one", "two", "three"]) bus.publish("news", payload);
      const flushed = bus.flush();
      await link.heal();
      await flushed;
      bus.publish("news", "fence");
      expect(await inbox.until("fence")).toEqual(["one", "two", "three", "fence"]);
    },
  },
  {
    name: "a client that leaves while its connection is lost is not counted once the broker has noticed",
    run: async (world) => {
      const { bus, link } = await world.connectByLink("leaving");
      const asking = await world.connect("asking");
      await serve(bus, "question", () => "answer");
      await link.lose();
      const closing = bus.close();
      const dropped = world.broker.dropped("leaving");
      await link.heal();
      await closing;
      await dropped;
      expect(await failureOf(asking.request("question", "", { timeoutMs: 200 }))).toBeInstanceOf(
        NoRespondersError,
      );
    },
  },
];
