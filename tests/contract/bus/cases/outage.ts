import { expect } from "vitest";
import { NoRespondersError, RequestTimeoutError, type Bus } from "../../../../controlplane/ports/bus.ts";
import { failureOf, type ContractCase } from "../../contract.ts";
import type { BusWorld } from "../bus-world.ts";
import { connectionOf, listen, serve } from "../inbox.ts";

/** The broker dies and another takes its place. */
export const outageCases: readonly ContractCase<BusWorld>[] = [
  {
    name: "a client is told of the broker's death and of its return, once each",
    run: async (world) => {
      const bus = await world.connect("client");
      const connection = connectionOf(bus);
      await outage(world, [bus]);
      await bus.flush();
      await outage(world, [bus]);
      await bus.flush();
      expect(connection.told).toEqual(["disconnected", "connected", "disconnected", "connected"]);
    },
  },
  {
    name: "a client that connects while there is no broker is connected as soon as there is one",
    run: async (world) => {
      await world.broker.kill();
      const connecting = world.connect("client");
      await world.broker.start();
      expect(await failureOf(connecting)).toBe("it did not fail");
      await (await connecting).flush();
    },
  },
  {
    name: "subscriptions are made anew when the broker is back",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const listener = await world.connect("listener");
      const inbox = await listen(listener, "news");
      await outage(world, [publisher, listener]);
      await listener.flush();
      publisher.publish("news", "fence");
      expect(await inbox.until("fence")).toEqual(["fence"]);
    },
  },
  {
    name: "a subscription made while the broker is away is there once it is back",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const listener = await world.connect("listener");
      const got: string[] = [];
      await outage(world, [publisher, listener], () => {
        listener.subscribe("news", ({ payload }) => got.push(payload));
      });
      const fence = await listen(listener, "fence");
      publisher.publish("news", "message");
      publisher.publish("fence", "fence");
      await fence.until("fence");
      expect(got).toEqual(["message"]);
    },
  },
  {
    name: "a subscription ended while the broker is away stays ended",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const listener = await world.connect("listener");
      const ended = await listen(listener, "news");
      await outage(world, [publisher, listener], () => ended.subscription.unsubscribe());
      const fence = await listen(listener, "fence");
      publisher.publish("news", "message");
      publisher.publish("fence", "fence");
      await fence.until("fence");
      expect(ended.payloads).toEqual([]);
      expect(await failureOf(publisher.request("news", "", { timeoutMs: 200 }))).toBeInstanceOf(
        NoRespondersError,
      );
    },
  },
  {
    name: "what is published while the broker is away is lost",
    run: async (world) => {
      // It listens to itself, since another might be back too late to hear what it should not.
      const bus = await world.connect("client");
      const inbox = await listen(bus, "news");
      await outage(world, [bus], async () => {
        bus.publish("news", "lost");
        // It fails when the client tries to connect again, and that is when the client forgets the message.
        await failureOf(bus.flush());
      });
      bus.publish("news", "fence");
      expect(await inbox.until("fence")).toEqual(["fence"]);
    },
  },
  {
    name: "a flush fails while the broker is away",
    run: async (world) => {
      const bus = await world.connect("client");
      await outage(world, [bus], async () => {
        expect(await failureOf(bus.flush())).toBeInstanceOf(Error);
      });
    },
  },
  {
    name: "a request made while the broker is away gets no answer, and fails after its time",
    run: async (world) => {
      const asking = await world.connect("asking");
      const serving = await world.connect("serving");
      await serve(serving, "question", () => "answer");
      let request = Promise.resolve("");
      await outage(world, [asking, serving], async () => {
        request = asking.request("question", "", { timeoutMs: 500 });
        request.catch(() => {});
        await failureOf(asking.flush());
      });
      expect(await failureOf(request)).toBeInstanceOf(RequestTimeoutError);
      await serving.flush();
      expect(await asking.request("question", "", { timeoutMs: 5_000 })).toBe("answer");
    },
  },
  {
    name: "a request under way when the broker dies fails after its time",
    run: async (world) => {
      const asking = await world.connect("asking");
      const silent = await world.connect("silent");
      const heard = await listen(silent, "question");
      const request = asking.request("question", "heard", { timeoutMs: 500 });
      request.catch(() => {});
      await heard.until("heard");
      await outage(world, [asking, silent]);
      expect(await failureOf(request)).toBeInstanceOf(RequestTimeoutError);
    },
  },
  {
    name: "a new broker remembers nobody: who has left meanwhile is not counted",
    run: async (world) => {
      const asking = await world.connect("asking");
      const leaving = await world.connect("leaving");
      await serve(leaving, "question", () => "answer");
      await outage(world, [asking], () => leaving.close());
      expect(await failureOf(asking.request("question", "", { timeoutMs: 200 }))).toBeInstanceOf(
        NoRespondersError,
      );
    },
  },
  {
    name: "a bus can be closed while the broker is away",
    run: async (world) => {
      const bus = await world.connect("client");
      const { next } = connectionOf(bus);
      const lost = next("disconnected");
      await world.broker.kill();
      await lost;
      expect(await failureOf(bus.close())).toBe("it did not fail");
    },
  },
];

/** Kills the broker, does something once everybody has noticed, and starts a new one; returns when all are back. */
async function outage(
  world: BusWorld,
  clients: readonly Bus[],
  meanwhile: () => Promise<void> | void = () => {},
): Promise<void> {
  const connections = clients.map((client) => connectionOf(client));
  const lost = connections.map(({ next }) => next("disconnected"));
  await world.broker.kill();
  await Promise.all(lost);
  await meanwhile();
  const back = connections.map(({ next }) => next("connected"));
  await world.broker.start();
  await Promise.all(back);
}
