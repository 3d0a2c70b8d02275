import { expect, it } from "vitest";
import { createGate } from "./gate.ts";

it("waits for what is under way when it closes, and lets nothing through after", async () => {
  const gate = createGate("the stack");
  const order: string[] = [];
  let finish!: () => void;
  const slow = gate.through(async () => {
    await new Promise<void>((resolve) => (finish = resolve));
    order.push("created");
  });
  const failing = gate.through(async () => await Promise.reject(new Error("no")));
  const closed = gate.close().then(() => order.push("closed"));
  await expect(gate.through(async () => order.push("late"))).rejects.toThrow("the stack is being removed");
  await expect(failing).rejects.toThrow("no");
  finish();
  await Promise.all([slow, closed]);
  expect(order).toEqual(["created", "closed"]);
});
