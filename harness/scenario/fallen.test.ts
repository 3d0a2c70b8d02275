import { expect, it } from "vitest";
import type { Machine, Stack } from "../engines/engine.ts";
import { aCluster } from "../test-kit/a-cluster.ts";
import { unlessOneFalls } from "./fallen.ts";

const aMachine = (name: string, seen: string) =>
  ({ name, fell: () => Promise.resolve({ exitCode: 1, seen }) }) as unknown as Machine;
const never = new Promise<void>(() => {});

it("what a machine said last is told, without what is secret in it", async () => {
  const { system } = aCluster();
  const stack = {
    machines: () => [aMachine("edge1", "its last line: token=ebt1.secret")],
  } as unknown as Stack;
  const conceal = (text: string) => text.replace("ebt1.secret", "…");
  await expect(unlessOneFalls({ stack, system: { ...system, conceal } }, never)).rejects.toThrow(
    "its last line: token=…",
  );
});

it("what comes before any machine ends is what counts", async () => {
  const { system } = aCluster();
  const stack = { machines: () => [{ name: "edge1", fell: () => never }] } as unknown as Stack;
  expect(await unlessOneFalls({ stack, system }, Promise.resolve("up"))).toBe("up");
});
