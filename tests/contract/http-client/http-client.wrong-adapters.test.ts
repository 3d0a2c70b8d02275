import { HttpUnreachableError, type HttpClient } from "../../../controlplane/ports/http.ts";
import { testThatEachCaseCanFail, type WrongAdapter } from "../contract.ts";
import { httpClientContract, type HttpWorld } from "./http-client.contract.ts";
import { openSimHttpWorld } from "./http-worlds.ts";

type Ask = HttpClient["request"];

/** The simulated client, but for what is done otherwise with each request. */
function wrong(does: string, request: (ask: Ask) => Ask): WrongAdapter<HttpWorld> {
  return {
    does,
    open: () => {
      const world = openSimHttpWorld();
      return { ...world, client: { request: request((asked) => world.client.request(asked)) } };
    },
  };
}

function telling(does: string, reason: string): WrongAdapter<HttpWorld> {
  return wrong(
    does,
    (ask) => (asked) =>
      ask(asked).catch(() => {
        throw new HttpUnreachableError(asked.url, reason);
      }),
  );
}

testThatEachCaseCanFail("HTTP client", httpClientContract, {
  "a request arrives with its method, path, query, headers and body": wrong(
    "drops the headers",
    (ask) => (asked) => ask({ ...asked, headers: {} }),
  ),
  "an answer is read whole, whatever its status": wrong(
    "takes a failure for no answer",
    (ask) => async (asked) => {
      const answer = await ask(asked);
      return answer.status < 500 ? answer : { status: answer.status, body: "" };
    },
  ),
  "an answer without a body has an empty one": wrong(
    "writes a body where there is none",
    (ask) => async (asked) => {
      const { status, body } = await ask(asked);
      return { status, body: body || "null" };
    },
  ),
  "text beyond ASCII arrives to the letter, there and back": wrong(
    "reads one byte a character",
    (ask) => async (asked) => {
      const { status, body } = await ask(asked);
      return { status, body: Buffer.from(body).toString("latin1") };
    },
  ),
  "a large text arrives whole, there and back": wrong("reads the first part only", (ask) => async (asked) => {
    const { status, body } = await ask(asked);
    return { status, body: body.slice(0, 65_536) };
  }),
  "requests under way together get each their own answer": wrong(
    "gives the latest answer to everybody",
    (ask) => {
      const requests: ReturnType<Ask>[] = [];
      return async (asked) => {
        requests.push(ask(asked));
        await Promise.all(requests);
        return requests.at(-1) as ReturnType<Ask>;
      };
    },
  ),
  "a port where nobody listens is told as a refused connection": telling(
    "tells only that it failed",
    "failed",
  ),
  "a host that does not exist is told as such": telling("tells only that it failed", "failed"),
  "a server that is killed in the middle of a request is told as a cut connection": wrong(
    "waits for an answer that cannot come",
    (ask) => (asked) => ask(asked).catch(() => new Promise(() => {})),
  ),
  "no answer in time is told with the time": wrong("has all the time in the world", (ask) => (asked) => {
    const { timeoutMs: _, ...patient } = asked;
    return ask(patient);
  }),
  "an answer in time is not cut off": wrong(
    "takes milliseconds for microseconds",
    (ask) => (asked) => ask({ ...asked, timeoutMs: (asked.timeoutMs ?? 0) / 1e6 }),
  ),
  "the time counts from the request on, not from the connection": wrong(
    "counts from the connection on",
    (ask) => (asked) => ask({ ...asked, timeoutMs: 60_000 }),
  ),
  "a failure does not tell the query, where keys may stand": telling(
    "tells the whole URL",
    "connection refused (ECONNREFUSED)",
  ),
});
