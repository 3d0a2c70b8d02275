import { once } from "node:events";
import type { Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import type { HttpHandler } from "../ports/http.ts";
import { LARGEST_BODY } from "../protocol/http.ts";
import { createNodeHttpClient } from "./node-http-client.ts";
import { serveNodeHttp } from "./node-http-server.ts";

const LOOPBACK = { hostname: "127.0.0.1", port: 0 } as const;

async function serve(handle: HttpHandler): Promise<{ readonly server: Server; readonly url: string }> {
  const listening = Promise.withResolvers<number>();
  const server = serveNodeHttp(handle, LOOPBACK, listening.resolve);
  onTestFinished(() => void server.close());
  return { server, url: `http://127.0.0.1:${await listening.promise}` };
}

it("tells the port that it was given", async () => {
  const { server, url } = await serve(() => ({ status: 200, body: "" }));
  expect(url).toBe(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

it("says that it answers with JSON, and how long it is", async () => {
  const { url } = await serve(() => ({ status: 201, body: '"ü"' }));
  const answer = await fetch(url, { headers: { connection: "close" } });
  expect([answer.status, answer.headers.get("content-type"), answer.headers.get("content-length")]).toEqual([
    201,
    "application/json",
    "4",
  ]);
});

it("is not hurt by a client that hangs up in the middle of its request", async () => {
  const bodies: string[] = [];
  const { server, url } = await serve(({ body }) => {
    bodies.push(body);
    return { status: 200, body };
  });
  const client = connect((server.address() as AddressInfo).port, LOOPBACK.hostname);
  const arrived = once(server, "request");
  client.write("PUT / HTTP/1.1\r\nhost: h\r\ncontent-length: 10\r\n\r\n12345");
  await arrived;
  client.destroy();
  await once(client, "close");
  expect(await createNodeHttpClient().request({ method: "PUT", url, body: "whole" })).toEqual({
    status: 200,
    body: "whole",
  });
  expect(bodies).toEqual(["whole"]);
});

/** Says it byte for byte, and hears everything until the server hangs up. */
async function say(server: Server, ...parts: readonly (string | Uint8Array)[]): Promise<string> {
  const client = connect((server.address() as AddressInfo).port, LOOPBACK.hostname);
  for (const part of parts) client.write(part);
  const heard: Buffer[] = [];
  for await (const part of client as AsyncIterable<Buffer>) heard.push(part);
  return Buffer.concat(heard).toString();
}

const PUT = "PUT / HTTP/1.1\r\nconnection: close\r\n";

it.each([
  ["no HTTP", ["hello\r\n\r\n"], 400, /is not HTTP as it is read here: Parse Error/],
  ["headers without end", [PUT, `x: ${"y".repeat(20_000)}\r\n\r\n`], 431, /its headers are too large/],
  ["two lengths", [PUT, "content-length: 1\r\ncontent-length: 2\r\n\r\nxx"], 400, /Parse Error/],
  ["a proxy's request", ["CONNECT host:1 HTTP/1.1\r\n\r\n"], 400, /this is no proxy/],
  ["an expectation", [PUT, "expect: more\r\n\r\n"], 417, /expect: \\"more\\" is not met here/],
  ["no UTF-8", [PUT, "content-length: 2\r\n\r\n", new Uint8Array([0xc3, 0x28])], 400, /not a text in UTF-8/],
  [
    "a body without measure",
    [PUT, `content-length: ${2 * LARGEST_BODY}\r\n\r\n`, "x".repeat(2 * LARGEST_BODY)],
    413,
    /larger than 524288 bytes/,
  ],
])("answers %s in the contract's words, without asking anybody", async (_, parts, status, message) => {
  const asked: string[] = [];
  const { server } = await serve(({ method }) => {
    asked.push(method);
    return { status: 200, body: "" };
  });
  const answer = await say(server, ...parts);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toMatchObject({
    code: status === 413 ? "TOO_LARGE" : "INVALID",
    message: expect.any(String),
  });
  expect(answer).toMatch(message);
  expect(asked).toEqual([]);
});

it("is not hurt by a proxy's client that goes as soon as it has asked", async () => {
  const { server } = await serve(() => ({ status: 200, body: "{}" }));
  for (let time = 0; time < 20; time += 1) {
    const client = connect((server.address() as AddressInfo).port, LOOPBACK.hostname);
    client.on("error", () => {});
    const arrived = once(server, "connect");
    client.write("CONNECT host:1 HTTP/1.1\r\n\r\n");
    await arrived;
    client.resetAndDestroy();
    await once(client, "close");
  }
  expect(await say(server, PUT, "content-length: 0\r\n\r\n")).toMatch(/^HTTP\/1.1 200 /);
});

it("reads a body of the largest size, and asks for no host", async () => {
  const { server } = await serve(({ body }) => ({ status: 200, body: String(body.length) }));
  const answer = await say(server, PUT, `content-length: ${LARGEST_BODY}\r\n\r\n`, "x".repeat(LARGEST_BODY));
  expect(answer).toMatch(/^HTTP\/1.1 200 [^]*\r\n\r\n524288$/);
});
