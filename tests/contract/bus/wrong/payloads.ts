import type { WrongAdapter } from "../../contract.ts";
import type { BusWorld } from "../bus-world.ts";
import type { PayloadKind } from "../cases/payloads.ts";
import { wrongBus } from "./twist.ts";

const changed: Readonly<Record<string, WrongAdapter<BusWorld>>> = Object.fromEntries(
  Object.entries({
    "JSON with quotes and backslashes": changing("escapes once too often", (payload) =>
      payload.replaceAll("\\", "\\\\"),
    ),
    "text beyond ASCII": changing("sends one byte a character", (payload) =>
      Buffer.from(payload, "latin1").toString("latin1"),
    ),
    "line breaks, and what looks like the broker's own protocol": changing(
      "takes a line break for the end",
      (payload) => payload.split("\r\n")[0] ?? "",
    ),
    "an empty text": wrongBus("does not send what is empty", () => (bus) => ({
      publish: (subject, payload) => {
        if (payload !== "") bus.publish(subject, payload);
      },
    })),
    "256 KiB": changing("sends one buffer full and no more", (payload) => payload.slice(0, 64 * 1_024)),
  } satisfies Readonly<Record<PayloadKind, WrongAdapter<BusWorld>>>).map(([kind, wrong]) => [
    `a payload arrives as it was sent: ${kind}`,
    wrong,
  ]),
);

export const wrongPayloads: Readonly<Record<string, WrongAdapter<BusWorld>>> = {
  ...changed,
  "a payload that no broker takes is refused to its sender, and costs nobody anything": wrongBus(
    "drops what is too large without a word",
    () => (bus) => ({
      publish: (subject, payload) => {
        if (payload.length < 100_000) bus.publish(subject, payload);
      },
    }),
  ),
};

function changing(does: string, change: (payload: string) => string): WrongAdapter<BusWorld> {
  return wrongBus(does, () => (bus) => ({
    publish: (subject, payload) => bus.publish(subject, change(payload)),
  }));
}
