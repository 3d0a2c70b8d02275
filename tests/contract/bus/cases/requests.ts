import { expect } from "vitest";
import { NoRespondersError, RequestTimeoutError } from "../../../../controlplane/ports/bus.ts";
import { failureOf, type ContractCase } from "../../contract.ts";
import type { BusWorld } from "../bus-world.ts";
import { listen, serve } from "../inbox.ts";

/** Far longer than any case may take: a request that ends only now has waited in vain. */
const HOUR_MS = 3_600_000;

/** A request gets the first answer, or the reason why there is none. */
export const requestCases: readonly ContractCase<BusWorld>[] = [
  {
    name: "a request gets the answer of the client that serves its subject",
    run: async (world) => {
      const asking = await world.connect("asking");
      await serve(await world.connect("serving"), "question", (payload) => `answer to ${payload}`);
      expect(await asking.request("question", "one", { timeoutMs: HOUR_MS })).toBe("answer to one");
      expect(await asking.request("question", "two", { timeoutMs: HOUR_MS })).toBe("answer to two");
    },
  },
  {
    name: "of several answers the first one counts",
    run: async (world) => {
      const asking = await world.connect("asking");
      const serving = await world.connect("serving");
      serving.subscribe("question", (message) => {
        message.respond("first");
        message.respond("second");
      });
      await serving.flush();
      expect(await asking.request("question", "", { timeoutMs: HOUR_MS })).toBe("first");
    },
  },
  {
    name: "requests under way together get each their own answer, whatever the order of the answers",
    run: async (world) => {
      const asking = await world.connect("asking");
      const serving = await world.connect("serving");
      const answers: (() => void)[] = [];
      serving.subscribe("question", (message) => {
        answers.unshift(() => message.respond(`answer to ${message.payload}`));
        if (answers.length === 3) for (const answer of answers) answer();
      });
      await serving.flush();
      expect(
        await Promise.all(
          ["one", "two", "three"].map((payload) =>
            asking.request("question", payload, { timeoutMs: HOUR_MS }),
          ),
        ),
      ).toEqual(["answer to one", "answer to two", "answer to three"]);
    },
  },
  {
    name: "a request that nobody serves fails at once, naming its subject",
    run: async (world) => {
      const asking = await world.connect("asking");
      expect(await failureOf(asking.request("question", "", { timeoutMs: HOUR_MS }))).toEqual(
        new NoRespondersError("question"),
      );
    },
  },
  {
    name: "a request fails at once as well when the client that served it has unsubscribed",
    run: async (world) => {
      const asking = await world.connect("asking");
      const serving = await world.connect("serving");
      const { subscription } = await listen(serving, "question");
      subscription.unsubscribe();
      await serving.flush();
      expect(await failureOf(asking.request("question", "", { timeoutMs: 200 }))).toBeInstanceOf(
        NoRespondersError,
      );
    },
  },
  {
    name: "a request that somebody hears and nobody answers fails after its time",
    run: async (world) => {
      const asking = await world.connect("asking");
      const inbox = await listen(await world.connect("silent"), "question");
      const request = asking.request("question", "heard", { timeoutMs: 100 });
      expect(await failureOf(request)).toEqual(new RequestTimeoutError("question", 100));
      await inbox.until("heard");
    },
  },
  {
    name: "an answer that comes too late is nobody's, and the next request gets its own",
    run: async (world) => {
      const asking = await world.connect("asking");
      const serving = await world.connect("serving");
      const late = Promise.withResolvers<() => void>();
      serving.subscribe("question", (message) => {
        if (message.payload === "one") late.resolve(() => message.respond("answer to one"));
        else message.respond(`answer to ${message.payload}`);
      });
      await serving.flush();
      expect(await failureOf(asking.request("question", "one", { timeoutMs: 50 }))).toBeInstanceOf(
        RequestTimeoutError,
      );
      (await late.promise)();
      await serving.flush();
      expect(await asking.request("question", "two", { timeoutMs: HOUR_MS })).toBe("answer to two");
    },
  },
  {
    name: "responding to a message that asks for nothing does nothing",
    run: async (world) => {
      const publisher = await world.connect("publisher");
      const listener = await world.connect("listener");
      const everything = await listen(await world.connect("witness"), ">");
      const outcome = new Promise<unknown>((resolve) => {
        listener.subscribe("news", (message) => {
          try {
            message.respond("answer");
            resolve("nothing");
          } catch (error) {
            resolve(error);
          }
        });
      });
      await listener.flush();
      publisher.publish("news", "message");
      expect(await outcome).toBe("nothing");
      listener.publish("news.end", "fence");
      expect(await everything.until("fence")).toEqual(["message", "fence"]);
    },
  },
];
