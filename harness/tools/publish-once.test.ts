import { createServer, type AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { publishOnce } from "./publish-once.ts";

const MESSAGE = { subject: "expanso.node.n1.in", payload: '{"mapping":"ü\\n"}' };

describe("one message", () => {
  it("is told to a server that has introduced itself, and done when the server has answered", async () => {
    const server = await aServer(["INF", 'O {"server_id":"s"}\r\n'], "PONG\r\n");
    await publishOnce({ url: server.url, ...MESSAGE });
    expect(server.heard()).toMatch(
      /^CONNECT \{"verbose":false.*"name":"nats-publish".*\}\r\nPUB expanso\.node\.n1\.in 18\r\n\{"mapping":"ü\\n"\}\r\nPING\r\n$/,
    );
  });

  it.each([
    [
      "that refuses",
      ["INFO {}\r\n"],
      "-ERR 'Authorization Violation'\r\n",
      /refused it; last heard: -ERR 'Auth/,
    ],
    ["that says nothing", [], "", /no answer in time; last heard: nothing/],
    ["that does not confirm", ["INFO {}\r\n"], "", /no answer in time; last heard: INFO \{\}/],
    ["that hangs up", ["INFO {}\r\n"], "hang up", /closed the connection/],
  ])("fails at a server %s", async (_what, greeting, answer, problem) => {
    const server = await aServer(greeting, answer);
    await expect(publishOnce({ url: server.url, ...MESSAGE, limitMs: 100 })).rejects.toThrow(problem);
  });

  it("fails where there is no server", async () => {
    const server = await aServer([], "");
    await server.close();
    await expect(publishOnce({ url: server.url, ...MESSAGE })).rejects.toThrow(/ECONNREFUSED/);
  });
});

/** Greets with these pieces, and gives one answer to a ping. */
async function aServer(greeting: readonly string[], answer: string) {
  let heard = "";
  const server = createServer((socket) => {
    for (const piece of greeting) socket.write(piece);
    socket.on("error", () => {});
    socket.setEncoding("utf8").on("data", (text: string) => {
      heard += text;
      if (!heard.endsWith("PING\r\n")) return;
      if (answer === "hang up") socket.destroy();
      else socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  onTestFinished(() => void server.close());
  return { url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`, heard: () => heard, close };
}
