import { once } from "node:events";
import type { Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import type { HttpHandler } from "../ports/http.ts";
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

it("reads no more than it has to of a request without an end", async () => {
  let asked = 0;
  const { server, url } = await serve(() => {
    asked += 1;
    return { status: 200, body: "" };
  });
  const client = connect((server.address() as AddressInfo).port, LOOPBACK.hostname);
  // It may be cut off while it still sends.
  client.on("error", () => {});
  client.write("PUT / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n");
  const chunk = `100000\r\n${"x".repeat(0x100000)}\r\n`;
  for (let sent = 0; sent < 9; sent += 1) client.write(chunk);
  const [answer] = (await once(client, "data")) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
  client.destroy();
  expect(asked).toBe(0);
  expect((await createNodeHttpClient().request({ method: "GET", url })).status).toBe(200);
});
