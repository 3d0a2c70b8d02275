import { NoRespondersError, RequestTimeoutError } from "../../../../controlplane/ports/bus.ts";
import type { WrongAdapter } from "../../contract.ts";
import type { BusWorld } from "../bus-world.ts";
import { hearing, wrongBus } from "./twist.ts";

export const wrongRequests: Readonly<Record<string, WrongAdapter<BusWorld>>> = {
  "a request gets the answer of the client that serves its subject": wrongBus(
    "answers with the question",
    () => (bus) => ({
      request: async (subject, payload, options) => {
        await bus.request(subject, payload, options);
        return payload;
      },
    }),
  ),
  "of several answers the first one counts": wrongBus(
    "sends answers last first",
    ({ after }) =>
      (bus) =>
        hearing(bus, (message, handler) => {
          const answers: string[] = [];
          handler({ ...message, respond: (answer) => void answers.unshift(answer) });
          after(1, () => {
            for (const answer of answers) message.respond(answer);
          });
        }),
  ),
  "requests under way together get each their own answer, whatever the order of the answers": wrongBus(
    "takes answers to come in the order of the questions",
    () => (bus) => {
      const waiting: ((answer: string) => void)[] = [];
      return {
        request: (subject, payload, options) =>
          new Promise((resolve, reject) => {
            waiting.push(resolve);
            bus.request(subject, payload, options).then((answer) => waiting.shift()?.(answer), reject);
          }),
      };
    },
  ),
  "a request that nobody serves fails at once, naming its subject": wrongBus(
    "waits its time when nobody serves",
    ({ after }) =>
      (bus) => ({
        request: async (subject, payload, options) => {
          try {
            return await bus.request(subject, payload, options);
          } catch (error) {
            if (!(error instanceof NoRespondersError)) throw error;
            await new Promise<void>((resolve) => {
              after(options.timeoutMs, resolve);
            });
            throw new RequestTimeoutError(subject, options.timeoutMs);
          }
        },
      }),
  ),
  "a request fails at once as well when the client that served it has unsubscribed": wrongBus(
    "stops listening without telling the broker",
    () => (bus) => ({
      subscribe: (subject, handler) => {
        bus.subscribe(subject, handler);
        return { unsubscribe: () => {} };
      },
    }),
  ),
  "a request that somebody hears and nobody answers fails after its time": wrongBus(
    "waits for ever",
    () => (bus) => ({
      request: (subject, payload) => bus.request(subject, payload, { timeoutMs: 1e9 }),
    }),
  ),
  "an answer that comes too late is nobody's, and the next request gets its own": wrongBus(
    "gives a late answer to the next request",
    () => {
      const answers: string[] = [];
      return (bus) => ({
        request: async (subject, payload, options) => {
          const answer = await bus.request(subject, payload, options);
          return answers.shift() ?? answer;
        },
        ...hearing(bus, (message, handler) =>
          handler({
            ...message,
            respond: (answer) => {
              answers.push(answer);
              message.respond(answer);
            },
          }),
        ),
      });
    },
  ),
  "responding to a message that asks for nothing does nothing": wrongBus(
    "sends an answer in any case",
    () => (bus) =>
      hearing(bus, (message, handler) =>
        handler({
          ...message,
          respond: (answer) => {
            message.respond(answer);
            bus.publish("nobody", answer);
          },
        }),
      ),
  ),
};
