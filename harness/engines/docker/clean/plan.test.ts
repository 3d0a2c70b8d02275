import { describe, expect, it } from "vitest";
import type { OwnerState } from "../owner.ts";
import type { Thing } from "../stack/ours.ts";
import { type AllThings, countThings, planCleanUp, sayCounts } from "./plan.ts";

const STATES = new Map<string | undefined, OwnerState>([
  ["box/1/1", "dead"],
  ["box/2/1", "alive"],
  ["other/3/1", "elsewhere"],
  ["kept", "unreadable"],
  [undefined, "unreadable"],
]);

describe("what a clean-up removes", () => {
  it.each([
    ["of a dead harness", "box/1/1", true, "its harness, process 1, is gone"],
    ["of a living one", "box/2/1", false, "its harness, process 2, runs"],
    ["of one that came while it looked", "box/9/1", false, "its harness, process 9, runs"],
    [
      "of another host's",
      "other/3/1",
      false,
      "made on other, or in a container there: from here nobody can tell whether it runs",
    ],
    ["of nobody's", undefined, false, "it does not say whose it is"],
    ["that was kept", "kept", false, "kept on purpose"],
  ])("the run %s: %s", (_what, owner, remove, why) => {
    const plan = planCleanUp(things({ containers: [aThing({ owner })] }), STATES, { all: false });
    expect(plan).toMatchObject([{ run: "r", remove, why }]);
  });

  it("keeps all of a run of which one thing is kept, although its harness is gone", () => {
    const volumes = [aThing({ owner: "kept", id: "v" })];
    const plan = planCleanUp(things({ containers: [aThing()], volumes }), STATES, { all: false });
    expect(plan).toMatchObject([
      { remove: false, why: "kept on purpose", stands: false, things: { volumes } },
    ]);
  });

  it.each([
    ["kept", true],
    ["box/1/1", false],
  ])("knows a stack that stands by its network, if it was kept: owner %s", (owner, stands) => {
    const plan = planCleanUp(things({ networks: [aThing({ owner })] }), STATES, { all: false });
    expect(plan).toMatchObject([{ stands }]);
  });

  it("is decided run by run", () => {
    const containers = [aThing({ id: "a" }), aThing({ id: "b", run: "living", owner: "box/2/1" })];
    const networks = [aThing({ id: "n" })];
    const plan = planCleanUp(things({ containers, networks }), STATES, { all: false });
    expect(plan.map(({ run, remove, things: of }) => [run, remove, countThings(of)])).toEqual([
      ["r", true, { containers: 1, networks: 1, volumes: 0, images: 0 }],
      ["living", false, { containers: 1, networks: 0, volumes: 0, images: 0 }],
    ]);
  });

  it("is everything, if that is asked for", () => {
    const containers = ["box/1/1", "box/2/1", "kept", undefined].map((owner) =>
      aThing({ owner, run: `run of ${owner}` }),
    );
    const plan = planCleanUp(things({ containers }), STATES, { all: true });
    expect(plan.map(({ remove }) => remove)).toEqual([true, true, true, true]);
  });
});

it.each([
  [{ containers: 4, networks: 1, volumes: 2, images: 0 }, "4 containers, 1 network, 2 volumes"],
  [{ containers: 0, networks: 0, volumes: 0, images: 1 }, "1 image"],
  [{ containers: 0, networks: 0, volumes: 0, images: 0 }, "nothing"],
])("%o is said as %s", (counts, said) => {
  expect(sayCounts(counts)).toBe(said);
});

function things(of: Partial<AllThings>): AllThings {
  return { containers: [], networks: [], volumes: [], images: [], ...of };
}

function aThing(of: Partial<Thing> = {}): Thing {
  return { id: "c", name: "c", run: "r", owner: "box/1/1", ...of };
}
