import { expect } from "vitest";
import { LARGEST_PAYLOAD, PayloadTooLargeError } from "../../../../controlplane/ports/bus.ts";
import type { ContractCase } from "../../contract.ts";
import type { BusWorld } from "../bus-world.ts";
import { listen, serve } from "../inbox.ts";

const PAYLOADS = {
  "JSON with quotes and backslashes": String.raw`{"pipeline":{"mapping":"root = \"a\\b\""},"empty":""}`,
  "text beyond ASCII": "grüße · 日本語 · 👩‍🚀 · \u0000 · \u2028",
  "line breaks, and what looks like the broker's own protocol": "one\ntwo\r\nPUB news 3\r\nabc\r\n",
  "an empty text": "",
  "256 KiB": "0123456789abcdef".repeat(16 * 1_024),
} as const;

export type PayloadKind = keyof typeof PAYLOADS;

/** What is sent is what arrives, to the letter: as a message and as an answer. */
export const payloadCases: readonly ContractCase<BusWorld>[] = [
  ...Object.entries(PAYLOADS).map(([kind, payload]) => ({
    name: `a payload arrives as it was sent: ${kind}`,
    run: (world: BusWorld) => thereAndBack(world, payload),
  })),
  {
    name: "a payload that no broker takes is refused to its sender, and costs nobody anything",
    run: tooLarge,
  },
];

async function tooLarge(world: BusWorld): Promise<void> {
  const publisher = await world.connect("publisher");
  const listener = await world.connect("listener");
  const inbox = await listen(listener, "news");
  // Few characters, and many bytes.
  const payload = "€".repeat(LARGEST_PAYLOAD / 2);
  expect(() => publisher.publish("news", payload)).toThrow(PayloadTooLargeError);
  await expect(publisher.request("news", payload, { timeoutMs: 5_000 })).rejects.toThrow(
    PayloadTooLargeError,
  );
  publisher.publish("news", "fence");
  expect(await inbox.until("fence")).toEqual(["fence"]);
}

async function thereAndBack(world: BusWorld, payload: string): Promise<void> {
  const publisher = await world.connect("publisher");
  const listener = await world.connect("listener");
  const inbox = await listen(listener, "news");
  publisher.publish("news", payload);
  publisher.publish("news", "fence");
  expect(await inbox.until("fence")).toEqual([payload, "fence"]);

  await serve(listener, "echo", (question) => question);
  expect(await publisher.request("echo", payload, { timeoutMs: 5_000 })).toBe(payload);
}
