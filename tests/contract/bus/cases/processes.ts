import { expect } from "vitest";
import { NoRespondersError, RequestTimeoutError } from "../../../../controlplane/ports/bus.ts";
import { failureOf, type ContractCase } from "../../contract.ts";
import { LISTENER_ANSWER, type BusWorld } from "../bus-world.ts";
import { listen } from "../inbox.ts";

/** A process is paused or killed, without being asked. */
export const processCases: readonly ContractCase<BusWorld>[] = [
  {
    name: "a paused subscriber gets what was sent meanwhile when it goes on, in order",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const witness = await listen(await world.connect("witness"), "news");
      const listener = await world.spawn("listener", "news");
      publisher.publish("news", "before");
      await listener.inbox.until("before");
      await listener.pause();
      for (const payload of ["one", "two", "three"]) publisher.publish("news", payload);
      await witness.until("three");
      expect(listener.inbox.payloads).toEqual(["before"]);
      await listener.resume();
      publisher.publish("news", "after");
      expect(await listener.inbox.until("after")).toEqual(["before", "one", "two", "three", "after"]);
    },
  },
  {
    name: "a paused subscriber still counts as one: a request to it waits its time",
    run: async (world) => {
      const asking = await world.connect("asking");
      const listener = await world.spawn("listener", "question");
      expect(await asking.request("question", "awake", { timeoutMs: 5_000 })).toBe(LISTENER_ANSWER);
      await listener.pause();
      expect(await failureOf(asking.request("question", "paused", { timeoutMs: 100 }))).toBeInstanceOf(
        RequestTimeoutError,
      );
      await listener.resume();
      expect(await asking.request("question", "awake again", { timeoutMs: 5_000 })).toBe(LISTENER_ANSWER);
    },
  },
  {
    name: "a killed subscriber counts no more: messages go to nobody, requests fail at once",
    run: async (world) => {
      const asking = await world.connect("asking");
      const listener = await world.spawn("listener", "question");
      asking.publish("question", "before");
      await listener.inbox.until("before");
      await listener.kill();
      asking.publish("question", "lost");
      expect(await failureOf(asking.request("question", "", { timeoutMs: 200 }))).toBeInstanceOf(
        NoRespondersError,
      );
      const successor = await world.spawn("successor", "question");
      asking.publish("question", "fence");
      expect(await successor.inbox.until("fence")).toEqual(["fence"]);
      expect(listener.inbox.payloads).toEqual(["before"]);
    },
  },
  {
    name: "a paused broker delivers what was sent meanwhile when it goes on, in order",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const inbox = await listen(await world.connect("listener"), "news");
      await world.broker.pause();
      for (const payload of ["one", "two", "three"]) publisher.publish("news", payload);
      expect(await failureOf(publisher.request("news", "asked", { timeoutMs: 100 }))).toBeInstanceOf(
        RequestTimeoutError,
      );
      expect(inbox.payloads).toEqual([]);
      await world.broker.resume();
      publisher.publish("news", "after");
      expect(await inbox.until("after")).toEqual(["one", "two", "three", "asked", "after"]);
    },
  },
];
