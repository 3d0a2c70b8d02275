import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { HttpUnreachableError } from "../ports/http.ts";
import { createNodeHttpClient } from "./node-http-client.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Serves on a free port of this machine; tells its URL. */
async function serve(listener: RequestListener): Promise<string> {
  return listen(createServer(listener));
}

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const client = createNodeHttpClient();

describe("an answer", () => {
  it("is read whole, whatever its status", async () => {
    const url = await serve((_, response) => {
      response.writeHead(422);
      response.write('{"message":"gr');
      response.end('üße"}');
    });
    expect(await client.request({ method: "GET", url })).toEqual({
      status: 422,
      body: '{"message":"grüße"}',
    });
  });

  it("is not followed where it leads elsewhere", async () => {
    const url = await serve(({ url: path }, response) => {
      response.writeHead(path === "/" ? 302 : 200, { location: "/elsewhere" });
      response.end(path);
    });
    expect(await client.request({ method: "GET", url })).toEqual({ status: 302, body: "/" });
  });

  it("is given to a request with method, path, query, headers and body", async () => {
    const url = await serve((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (part: string) => (body += part));
      request.on("end", () => {
        const { authorization, "content-length": length } = request.headers;
        response.end(
          JSON.stringify({ method: request.method, url: request.url, authorization, length, body }),
        );
      });
    });
    const answer = await client.request({
      method: "DELETE",
      url: `${url}/api/v1/nodes/a%20b?states=x&states=y`,
      headers: { authorization: "Bearer k" },
      body: '{"reason":"ü"}',
      timeoutMs: 5_000,
    });
    expect(JSON.parse(answer.body)).toEqual({
      method: "DELETE",
      url: "/api/v1/nodes/a%20b?states=x&states=y",
      authorization: "Bearer k",
      length: "15",
      body: '{"reason":"ü"}',
    });
  });
});

describe("no answer", () => {
  const failureOf = async (url: string, timeoutMs = 5_000): Promise<HttpUnreachableError> => {
    const failure = await client.request({ method: "GET", url, timeoutMs }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HttpUnreachableError);
    return failure as HttpUnreachableError;
  };

  it("from a port where nobody listens", async () => {
    const url = await serve(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const failure = await failureOf(`${url}/nodes?secret=1`);
    expect(failure.message).toBe(`no answer from ${url}/nodes: connection refused (ECONNREFUSED)`);
    expect(failure.cause).toMatchObject({ code: "ECONNREFUSED" });
  });

  it("from a server that hangs up", async () => {
    const url = await listen(createTcpServer((socket) => socket.destroy()));
    expect((await failureOf(url)).message).toMatch(
      /^no answer from .*: the connection was cut \(ECONNRESET\)$/,
    );
  });

  it("from a server that hangs up in the middle of its answer", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    expect((await failureOf(url)).message).toMatch(
      /^no answer from .*: the connection was cut \(ECONNRESET\)$/,
    );
  });

  it("in time, though the answer had begun", async () => {
    const url = await serve((_, response) => {
      response.write("a start without an end");
    });
    expect((await failureOf(url, 20)).message).toBe(`no answer from ${url}: nothing for 20 ms`);
  });

  it("from something that does not speak HTTP", async () => {
    const url = await listen(createTcpServer((socket) => socket.end("INFO {}\r\n")));
    expect((await failureOf(url)).message).toMatch(/^no answer from .* \(HPE_/);
  });
});
