import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { formatOwner, ownOwner, ownerState, parseOwner, startTicks } from "./owner.ts";

describe("whose something is", () => {
  const here = { host: "box", processStart: async (pid: number) => ({ 7: "100", 8: "unknown" })[pid] };

  it.each([
    ["box/7/100", "alive"],
    ["box/7/99", "dead"],
    ["box/9/100", "dead"],
    ["elsewhere/7/100", "elsewhere"],
    ["box/8/100", "alive"],
    ["box/7/unknown", "alive"],
    ["box/7", "unreadable"],
    ["box/0/1", "unreadable"],
    ["", "unreadable"],
    [undefined, "unreadable"],
  ] as const)("%s is %s", async (label, state) => {
    expect(await ownerState(label, here)).toBe(state);
  });

  it("is ours while we live", async () => {
    expect(await ownerState(await ownOwner())).toBe("alive");
  });

  it("is a dead process's once that has ended", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    const owner = { ...parseOwner(await ownOwner())!, pid: child.pid! };
    expect(await ownerState(formatOwner(owner))).toBe("dead");
  });

  it("reads the start time whatever the command is called", () => {
    const fields = Array.from({ length: 50 }, (_, at) => String(at + 3)).join(" ");
    expect(startTicks(`42 (a) b (c) ${fields}`)).toBe("22");
  });
});
