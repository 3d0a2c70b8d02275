import { describe, expect, it } from "vitest";
import { nextFix, remarksOnFix, sayFix } from "./fixes.ts";

const KNOWN = ["none", "block", "redispatch", "pull", "resync", "supersede", "recommended"];
const ran = (fix: string, verdict: "held" | "violated" | "unknown") => ({ fix, verdict });

describe("the fix that is offered next", () => {
  it("goes from approach A to B to what cures everything, until it heals", () => {
    const tried = [ran("none", "violated")];
    const way: string[] = [];
    for (let fix = nextFix(tried, KNOWN); fix !== undefined; fix = nextFix(tried, KNOWN)) {
      way.push(fix);
      tried.push(ran(fix, "violated"));
    }
    expect(way).toEqual(["block", "redispatch", "recommended"]);
  });

  it.each(["held", "unknown"] as const)("is none where the last run was %s", (verdict) => {
    expect(nextFix([ran("none", verdict)], KNOWN)).toBeUndefined();
  });

  it("is one that the system has", () => {
    expect(nextFix([ran("none", "violated")], ["none", "redispatch"])).toBe("redispatch");
  });
});

describe("what is said of a run under a fix", () => {
  const before = { loss: "L1" } as const;
  it("that blocks, and does not heal a message that nobody refused: why", () => {
    expect(
      remarksOnFix({ fix: "block", verdict: "violated", loss: "L1" }, before).map(({ says }) => says),
    ).toEqual([expect.stringContaining("nothing to retry"), expect.stringContaining("never sent again")]);
  });

  it("that heals it: that it was sent again", () => {
    expect(remarksOnFix({ fix: "redispatch", verdict: "held", loss: null }, before)).toHaveLength(1);
  });

  it("nothing, where nothing is known", () => {
    expect(remarksOnFix({ fix: "pull", verdict: "held", loss: null }, { loss: "L7" })).toEqual([]);
    expect(remarksOnFix({ fix: "block", verdict: "unknown", loss: null }, before)).toEqual([]);
  });
});

it("a combination is explained by its parts", () => {
  expect(sayFix("block+pull")).toBe(`${sayFix("block")} ${sayFix("pull")}`);
});
