import { describe, expect, it } from "vitest";
import { scenarios } from "../../scenarios/index.ts";
import { aScenario, aTiming } from "../test-kit/a-cell.ts";
import { allCells, reasonNotToRun } from "./cell.ts";
import { oneOfEachLoss } from "./one-of-each-loss.ts";

it("the matrix is every scenario under every fix in every timing, table by table and row by row", () => {
  const cells = allCells({
    scenarios: [aScenario("a"), aScenario("b")],
    fixes: ["none", "pull"],
    timings: [aTiming("default"), aTiming("fast")],
  });
  expect(cells.map(({ scenario, fix, timing }) => `${timing.name} ${scenario.id} ${fix}`)).toEqual([
    "default a none",
    "default a pull",
    "default b none",
    "default b pull",
    "fast a none",
    "fast a pull",
    "fast b none",
    "fast b pull",
  ]);
});

describe("a cell", () => {
  const cell = { scenario: aScenario("slow"), fix: "none", timing: aTiming("default") };
  const onDocker = {
    engine: "docker",
    system: { capabilities: new Set(["broker-record"] as const) },
    isTimingAsked: false,
    worthIt: ["headline"],
  } as const;

  it("in default timing that nobody asked for is not run on Docker, and the reason says how to", () => {
    expect(reasonNotToRun(cell, onDocker)).toBe(
      "default timing takes from minutes to an hour on Docker " +
        "(--timing default runs it all the same, --engine sim in milliseconds)",
    );
  });

  it.each([
    ["in simulation", cell, { ...onDocker, engine: "sim" as const }],
    ["in a timing that was asked for", cell, { ...onDocker, isTimingAsked: true }],
    ["in another timing", { ...cell, timing: aTiming("fast") }, onDocker],
    ["of a scenario that is worth the time", { ...cell, scenario: aScenario("headline") }, onDocker],
    [
      "whose needs are met",
      { ...cell, scenario: aScenario("headline", { needs: ["broker-record"] }) },
      onDocker,
    ],
  ])("is run: %s", (_what, cell, at) => {
    expect(reasonNotToRun(cell, at)).toBeUndefined();
  });

  it("that needs what the system has not is not run on any engine", () => {
    const scenario = aScenario("headline", { needs: ["broker-record", "dispatch-log"] });
    expect(reasonNotToRun({ ...cell, scenario }, { ...onDocker, engine: "sim" })).toBe(
      "not applicable: this system has no dispatch-log",
    );
  });
});

describe("one scenario for each way in which a dispatch is lost", () => {
  it("is the first that loses it so without a fix", () => {
    const losing = (id: string, none: "held" | "violated L1" | "violated L2" | "violated L7") =>
      aScenario(id, { expected: { none } });
    const catalogue = [
      losing("a", "held"),
      losing("b", "violated L2"),
      losing("c", "violated L7"),
      losing("d", "violated L1"),
      losing("e", "violated L1"),
    ];
    expect(oneOfEachLoss(catalogue).map(({ id }) => id)).toEqual(["d", "b"]);
  });

  it("is the headline and one for L2 and L3 in the catalogue here", () => {
    expect(oneOfEachLoss(scenarios).map(({ id }) => id)).toEqual([
      "deploy-in-disconnect-window",
      "deploy-while-disconnected",
      "first-node-joins-queued-job",
    ]);
  });
});
