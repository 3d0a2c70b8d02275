import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { formatOwner, ownOwner, ownerState, parseOwner, startTicks } from "./owner.ts";

describe("whose something is", () => {
  const here = {
    host: "box",
    place: { machine: "m1", boot: "b1", pids: "1" },
    processStart: async (pid: number) => ({ 7: "100", 8: "unknown" })[pid],
  };

  it.each([
    ["box/7/100", "alive"],
    ["box/7/99", "dead"],
    ["box/9/100", "dead"],
    ["elsewhere/7/100", "elsewhere"],
    ["box/8/100", "alive"],
    ["box/7/unknown", "alive"],
    ["box/7", "unreadable"],
    ["box/0/1", "unreadable"],
    ["kept", "unreadable"],
    ["", "unreadable"],
    [undefined, "unreadable"],
    ["box~m1.b1.1/7/100", "alive"],
    ["box~m1.b1.1/9/100", "dead"],
    // Another container of this machine: its pid 9 is not ours.
    ["box~m1.b1.2/9/100", "elsewhere"],
    // This machine before it was started again: the pid has come around, start time and all.
    ["box~m1.b0.1/7/100", "dead"],
    // Two machines of one name.
    ["box~m2.b2.1/9/100", "elsewhere"],
    // Without an id nobody knows which of the two it is.
    ["box~.b2.1/9/100", "elsewhere"],
  ] as const)("%s is %s", async (label, state) => {
    expect(await ownerState(label, here)).toBe(state);
  });

  it("does not confuse machines that have no id", async () => {
    const nameless = { ...here, place: { ...here.place, machine: "" } };
    expect(await ownerState("box~.b2.1/9/100", nameless)).toBe("elsewhere");
  });

  it("goes by the pid alone where no place is known", async () => {
    const { place: _, ...elsewhere } = here;
    expect(await ownerState("box~m2.b2.1/9/100", elsewhere)).toBe("dead");
  });

  it("is read as it was written", async () => {
    const owner = { host: "box", pid: 7, startedAt: "100", place: here.place };
    expect(parseOwner(formatOwner(owner))).toEqual(owner);
    const own = await ownOwner();
    expect(formatOwner(parseOwner(own)!)).toBe(own);
  });

  it("is ours while we live", async () => {
    expect(await ownerState(await ownOwner())).toBe("alive");
  });

  it("is a dead process's once that has ended", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    expect(await ownerState(await ownedBy(child.pid!))).toBe("dead");
  });

  it.runIf(process.platform === "linux")(
    "is a dead process's although its parent never asked how it ended",
    async () => {
      // The shell's child is inherited by `sleep`, which waits for nobody, as the first process of many containers. It
      // must not end before that, or the shell asks how.
      const parent = spawn("sh", ["-c", "cat <&3 & echo $!; exec sleep 1000 3<&-"], {
        stdio: ["ignore", "pipe", "ignore", "pipe"],
      });
      try {
        const [pid] = (await once(parent.stdout!, "data")) as [Buffer];
        const zombie = Number(pid.toString());
        const parentIs = () => readFileSync(`/proc/${parent.pid}/comm`, "utf8").trim();
        await expect.poll(parentIs, { timeout: 20_000 }).toBe("sleep");
        (parent.stdio[3] as Writable).end();
        const stateOf = () => /\) (\w)/.exec(readFileSync(`/proc/${zombie}/stat`, "utf8"))?.[1];
        await expect.poll(stateOf, { timeout: 20_000 }).toBe("Z");
        expect(await ownerState(await ownedBy(zombie))).toBe("dead");
      } finally {
        parent.kill("SIGKILL");
      }
    },
  );

  it("reads the start time whatever the command is called", () => {
    const fields = Array.from({ length: 50 }, (_, at) => String(at + 3)).join(" ");
    expect(startTicks(`42 (a) b (c) ${fields}`)).toBe("22");
  });
});

/** As if that process had made it, when we were started: only whether it lives can tell. */
async function ownedBy(pid: number): Promise<string> {
  const { startedAt: _, ...own } = parseOwner(await ownOwner())!;
  return formatOwner({ ...own, pid, startedAt: "unknown" });
}
