import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, expect, it, onTestFinished, vi } from "vitest";
import { BrokerRefusedError } from "../ports/bus.ts";
import { connectNatsBus } from "./nats-bus.ts";

// What every bus does is in tests/contract/bus. Here is what only this adapter can get wrong.

afterEach(() => {
  vi.restoreAllMocks();
});

/** As much of a NATS server as one subscriber needs: it greets, answers pings, and says what it is told to. */
async function aServer(): Promise<{ readonly url: string; publish(subject: string, text: string): void }> {
  let client: Socket | undefined;
  let heard = "";
  const server = createServer((socket) => {
    client = socket;
    socket.write(
      'INFO {"server_id":"s","version":"2.9.0","proto":1,"headers":true,"max_payload":1048576}\r\n',
    );
    socket.on("data", (chunk) => {
      heard += String(chunk);
      for (const _ of String(chunk).matchAll(/PING\r\n/g)) socket.write("PONG\r\n");
    });
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => void server.close());
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    publish: (subject, text) => {
      const sid = new RegExp(`SUB ${subject} (\\S+)\\r\\n`).exec(heard)?.[1] ?? "none";
      client?.write(`MSG ${subject} ${sid} ${text.length}\r\n${text}\r\n`);
    },
  };
}

it("a handler that throws is seen by everybody, and does not make the process deaf", async () => {
  const server = await aServer();
  const bus = await connectNatsBus({ url: server.url, name: "test" });
  onTestFinished(() => bus.close());
  const thrownLater: (() => void)[] = [];
  vi.spyOn(globalThis, "setImmediate").mockImplementation(((task: () => void) => {
    thrownLater.push(task);
  }) as typeof setImmediate);

  const heard: string[] = [];
  const both = new Promise<void>((resolve) => {
    bus.subscribe("news", ({ payload }) => {
      heard.push(payload);
      if (payload === "bad") throw new Error("cannot handle it");
      resolve();
    });
  });
  await bus.flush();
  server.publish("news", "bad");
  server.publish("news", "good");
  await both;
  expect(heard).toEqual(["bad", "good"]);
  expect(thrownLater.length).toBe(1);
  expect(thrownLater[0]).toThrow("cannot handle it");
});

it.each(["", "damaged", "SU", "SUAAAA"])(
  "credentials that are none (%s) are not tried again and again",
  async (seed) => {
    const { url } = await aServer();
    await expect(connectNatsBus({ url, name: "test", credentials: { jwt: "a.b.c", seed } })).rejects.toThrow(
      BrokerRefusedError,
    );
  },
);
