import { describe, expect, it } from "vitest";
import { statesOf } from "./ours-seen.ts";
import type { Thing } from "./stack/ours.ts";

const HERE = { host: "here", processStart: async (pid: number) => (pid === 1 ? "100" : undefined) };

describe("whose something is", () => {
  it.each([
    ["alive", "here/1/100"],
    ["dead", "here/1/99"],
    ["dead", "here/2/100"],
    ["elsewhere", "there/1/100"],
    ["unreadable", undefined],
    ["kept", "kept"],
  ])("%s: owner %s", async (state, owner) => {
    const thing = aThing({ owner });
    expect((await statesOf([thing], HERE))(thing)).toBe(state);
  });

  it("one thing of a run that is kept keeps all of it, and nothing else", async () => {
    const dead = aThing({ owner: "here/2/1", run: "r1" });
    const other = aThing({ owner: "here/2/1", run: "r2" });
    const stateOf = await statesOf([dead, other, aThing({ owner: "kept", run: "r1" })], HERE);
    expect([stateOf(dead), stateOf(other)]).toEqual(["kept", "dead"]);
  });

  it("what is of no run is kept by nothing but itself", async () => {
    const dead = aThing({ owner: "here/2/1", run: undefined });
    const stateOf = await statesOf([dead, aThing({ owner: "kept", run: undefined })], HERE);
    expect(stateOf(dead)).toBe("dead");
  });
});

function aThing(of: Pick<Partial<Thing>, "owner" | "run">): Thing {
  return { id: "x", name: "x", owner: undefined, run: "r1", ...of };
}
