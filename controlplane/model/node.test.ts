import { describe, expect, it } from "vitest";
import { aNode } from "../test-kit/model-builders.ts";
import { isLegalNodeMove, isSchedulable, type NodeConnection } from "./node.ts";

const STATES: readonly NodeConnection[] = ["connected", "disconnected", "lost", "deleted"];

describe("a node's connection", () => {
  // Seed 002's diagram, and connected → connected: a new handshake. Every other pair is illegal.
  const LEGAL = [
    "new → disconnected",
    "new → connected",
    "connected → connected",
    "connected → disconnected",
    "connected → deleted",
    "disconnected → connected",
    "disconnected → lost",
    "disconnected → deleted",
    "lost → connected",
    "lost → deleted",
  ];
  const PAIRS = [undefined, ...STATES].flatMap((from) => STATES.map((to) => ({ from, to })));

  it.each(PAIRS)("$from → $to", ({ from, to }) => {
    expect(isLegalNodeMove(from, to)).toBe(LEGAL.includes(`${from ?? "new"} → ${to}`));
  });

  it("is schedulable while it is connected, or may come back soon", () => {
    const schedulable = STATES.filter((connection) => isSchedulable(aNode("n1", { connection })));
    expect(schedulable).toEqual(["connected", "disconnected"]);
  });

  it("is not schedulable while it has only registered: it was never there", () => {
    const registered = aNode("n1", { connection: "disconnected", disconnectedSinceMs: undefined });
    expect(isSchedulable(registered)).toBe(false);
  });
});
