import { expect } from "vitest";
import {
  HttpUnreachableError,
  type HttpClient,
  type HttpHandler,
  type HttpResponse,
} from "../../../controlplane/ports/http.ts";
import { failureOf, type ContractCase, type ContractWorld } from "../contract.ts";

/** A program that serves HTTP on another machine, and a client that calls it. */
export interface HttpWorld extends ContractWorld {
  readonly client: HttpClient;
  /** Serves on a port of its own; resolves with the URL. */
  readonly serve: (handle: HttpHandler) => Promise<string>;
  /** The URL of a host that is there, and a port where nobody listens. */
  readonly deafUrl: string;
  /** The URL of a host that does not exist. */
  readonly nowhereUrl: string;
  /** Every program that serves is killed. */
  readonly killServers: () => Promise<void>;
  /** Nothing gets through to them, and nobody is told. */
  readonly cutServers: () => void;
}

const TEXT = "grüße · 日本語 · 👩‍🚀 · \u0000\r\n";

export const httpClientContract: readonly ContractCase<HttpWorld>[] = [
  {
    name: "a request arrives with its method, path, query, headers and body",
    run: async ({ client, serve }) => {
      const url = await serve((request) => saying(JSON.stringify(request)));
      const answer = await client.request({
        method: "PUT",
        url: `${url}/api/v1/jobs/a%20b?state=x&state=y%26z`,
        headers: { Authorization: "Bearer key" },
        body: '{"reason":"ü"}',
      });
      expect(JSON.parse(answer.body)).toEqual({
        method: "PUT",
        target: "/api/v1/jobs/a%20b?state=x&state=y%26z",
        authorization: "Bearer key",
        body: '{"reason":"ü"}',
      });
    },
  },
  {
    name: "an answer is read whole, whatever its status",
    run: async ({ client, serve }) => {
      const url = await serve(({ target }) => {
        const status = Number(target.slice(1));
        return { status, body: `body of ${status}` };
      });
      for (const status of [200, 201, 302, 400, 401, 404, 409, 422, 500, 503]) {
        const answer = await client.request({ method: "GET", url: `${url}/${status}` });
        expect(answer).toEqual({ status, body: `body of ${status}` });
      }
    },
  },
  {
    name: "an answer without a body has an empty one",
    run: async ({ client, serve }) => {
      const url = await serve(() => ({ status: 204, body: "" }));
      expect(await client.request({ method: "DELETE", url })).toEqual({ status: 204, body: "" });
    },
  },
  {
    name: "text beyond ASCII arrives to the letter, there and back",
    run: async ({ client, serve }) => {
      const url = await serve(({ body }) => saying(body));
      expect(await client.request({ method: "POST", url, body: TEXT })).toEqual({ status: 200, body: TEXT });
    },
  },
  {
    name: "a large text arrives whole, there and back",
    run: async ({ client, serve }) => {
      const url = await serve(({ body }) => saying(body));
      const body = "0123456789abcdé".repeat(30 * 1_024);
      expect((await client.request({ method: "POST", url, body })).body === body).toBe(true);
    },
  },
  {
    name: "requests under way together get each their own answer",
    run: async ({ client, serve }) => {
      const waiting: (() => void)[] = [];
      const url = await serve(async ({ body }) => {
        await new Promise<void>((resolve) => {
          waiting.unshift(resolve);
          if (waiting.length === 3) for (const go of waiting) go();
        });
        return saying(`answer to ${body}`);
      });
      const answers = await Promise.all(
        ["one", "two", "three"].map((body) => client.request({ method: "POST", url, body })),
      );
      expect(answers.map(({ body }) => body)).toEqual(["answer to one", "answer to two", "answer to three"]);
    },
  },
  {
    name: "a port where nobody listens is told as a refused connection",
    run: async ({ client, deafUrl }) => {
      expect(await failureOf(client.request({ method: "GET", url: deafUrl }))).toMatchObject(
        unreachable(deafUrl, "connection refused (ECONNREFUSED)"),
      );
    },
  },
  {
    name: "a host that does not exist is told as such",
    run: async ({ client, nowhereUrl }) => {
      expect(await failureOf(client.request({ method: "GET", url: nowhereUrl }))).toMatchObject(
        unreachable(nowhereUrl, "no such host (ENOTFOUND)"),
      );
    },
  },
  {
    name: "a server that is killed in the middle of a request is told as a cut connection",
    run: async ({ client, serve, killServers }) => {
      const arrived = Promise.withResolvers<void>();
      const url = await serve(() => {
        arrived.resolve();
        return new Promise(() => {});
      });
      const failure = failureOf(client.request({ method: "POST", url, body: "{}" }));
      await arrived.promise;
      await killServers();
      expect(await failure).toMatchObject(unreachable(url, "the connection was cut (ECONNRESET)"));
    },
  },
  {
    name: "no answer in time is told with the time",
    run: async ({ client, serve }) => {
      const url = await serve(() => new Promise(() => {}));
      expect(await failureOf(client.request({ method: "GET", url, timeoutMs: 50 }))).toMatchObject(
        unreachable(url, "nothing for 50 ms"),
      );
    },
  },
  {
    name: "an answer in time is not cut off",
    run: async ({ client, serve }) => {
      const url = await serve(({ body }) => saying(body));
      const request = client.request({ method: "POST", url, body: "answer", timeoutMs: 5_000 });
      expect(await failureOf(request)).toBe("it did not fail");
      expect((await request).body).toBe("answer");
    },
  },
  {
    name: "the time counts from the request on, not from the connection",
    run: async ({ client, serve, cutServers }) => {
      const url = await serve(() => saying("answer"));
      cutServers();
      expect(await failureOf(client.request({ method: "GET", url, timeoutMs: 50 }))).toMatchObject(
        unreachable(url, "nothing for 50 ms"),
      );
    },
  },
  {
    name: "a failure does not tell the query, where keys may stand",
    run: async ({ client, deafUrl }) => {
      const failure = await failureOf(client.request({ method: "GET", url: `${deafUrl}/nodes?key=secret` }));
      expect(failure).toMatchObject(unreachable(`${deafUrl}/nodes`, "connection refused (ECONNREFUSED)"));
    },
  },
];

function saying(body: string): HttpResponse {
  return { status: 200, body };
}

function unreachable(url: string, reason: string): { readonly name: string; readonly message: string } {
  const { name, message } = new HttpUnreachableError(url, reason);
  return { name, message };
}
