import chalk from "chalk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aResult } from "../test-kit/a-result.ts";
import type { Result } from "./result.ts";
import { verdictLines } from "./verdict-lines.ts";

const LEVEL = chalk.level;
beforeEach(() => (chalk.level = 0));
afterEach(() => (chalk.level = LEVEL));

describe("the end of a run", () => {
  it("tells the verdict, why, one witness of each source, and how to see it again", () => {
    expect(verdictLines(aResult(), ".repro/latest")).toEqual([
      "",
      "VIOLATED, as expected under fix none   L1 void · 3 independent witnesses · 8.4 s",
      "  new-test-job is `deploying`, 0 of 2 running",
      "  no dispatch since 2.4s",
      "  witness  state  execution list: e-1 pending",
      "  witness  log    2.4s PUBLISH to edge1",
      "  witness  broker 2.4s PUB to edge1",
      "  report   .repro/latest",
      "  replay   pnpm repro deploy-in-disconnect-window --timing fast",
    ]);
  });

  it.each<[string, Partial<Result>]>([
    ["HELD, as expected under fix pull   8.4 s", { verdict: "held", fix: "pull", loss: null, witnesses: [] }],
    [
      "HELD, expected: violated L1   8.4 s",
      { verdict: "held", asExpected: false, loss: null, witnesses: [] },
    ],
    [
      "UNKNOWN, expected: violated L1   8.4 s",
      { verdict: "unknown", asExpected: false, loss: null, witnesses: [] },
    ],
    [
      "VIOLATED, expected: violated L1   L3 handshake race · 3 independent witnesses · 8.4 s",
      { asExpected: false, loss: "L3" },
    ],
    [
      "VIOLATED, as expected, but for an invariant that must hold always   L1 void · 3 independent witnesses · 8.4 s",
      { asExpected: false },
    ],
    [
      "SIMULATED VIOLATED, as expected under fix none   L1 void · 3 independent witnesses · 109 ms · 1 min 3 s virtual",
      { simulated: true, verdictMs: 109, virtualMs: 63_000 },
    ],
  ])("%s", (headline, result) => {
    expect(verdictLines(aResult(result), "")[1]).toBe(headline);
  });

  it("says what was delivered by hand, and whether that healed it", () => {
    const delivered = ["the run request of e-1 to edge1"];
    const proof = { delivered, proven: true, afterMs: 100, seen: "it runs", inSecondRun: false };
    const proven = verdictLines(aResult({ proof }), "");
    expect(proven[1]).toContain("L1 void · 3 independent witnesses · proven · 8.4 s");
    expect(proven).toContain("  proof    by hand: the run request of e-1 to edge1: 100 ms later it runs");
    const failed = verdictLines(aResult({ proof: { ...proof, proven: false, seen: "nothing runs" } }), "");
    expect(failed[1]).toContain("· not proven ·");
    expect(failed).toContain(
      "  proof    by hand: the run request of e-1 to edge1: not healed 100 ms later: nothing runs",
    );
  });

  it("says why a loss is not proven, and nothing of a proof where none was named", () => {
    expect(verdictLines(aResult({ noProof: "no way" }), "")).toContain("  proof    none: no way");
    expect(verdictLines(aResult({ noProof: "no way", loss: null }), "").join()).not.toContain("proof");
  });

  it("is coloured by whether it is as expected", () => {
    chalk.level = 1;
    const colourOf = (result: Partial<Result>) =>
      /\[(3\d)m/.exec(verdictLines(aResult(result), "")[1] ?? "")?.[1];
    expect(colourOf({})).toBe("32");
    expect(colourOf({ asExpected: false })).toBe("31");
    expect(colourOf({ asExpected: false, verdict: "unknown" })).toBe("33");
  });
});

describe("the invariants at the end of a run", () => {
  it("take one line if all hold", () => {
    expect(linesOf(Array.from({ length: 7 }, () => anInvariant({})))).toEqual(["  invariants  7 of 7"]);
  });

  it("are told one by one where they do not", () => {
    const invariants = [
      anInvariant({ id: 1, name: "what is wanted runs", held: false, seen: "e-1 is pending" }),
      anInvariant({
        id: 2,
        name: "no zombie",
        held: false,
        excepted: true,
        seen: "e-2 runs; excepted: it may",
      }),
      anInvariant({ id: 3, name: "no phantom", held: null, seen: "nobody was asked" }),
      anInvariant({ id: 5, name: "legal moves only", held: null, seen: "nobody was asked" }),
      anInvariant({ id: 7, name: "dispatcher not stuck", held: null, seen: "there is no log" }),
    ];
    expect(linesOf(invariants)).toEqual([
      "  invariants  0 of 5",
      "    broken    1 what is wanted runs: e-1 is pending",
      "    excepted  2 no zombie: e-2 runs; excepted: it may",
      "    not checked  3 no phantom, 5 legal moves only: nobody was asked",
      "    not checked  7 dispatcher not stuck: there is no log",
    ]);
  });

  it("are not told where there are none", () => {
    expect(linesOf([])).toEqual([]);
  });

  function linesOf(invariants: Result["invariants"]): readonly string[] {
    const lines = verdictLines(aResult({ invariants }), "");
    const from = lines.findIndex((line) => line.startsWith("  invariants"));
    return from === -1
      ? []
      : lines.slice(
          from,
          lines.findIndex((line) => line.startsWith("  report")),
        );
  }

  function anInvariant(at: Partial<Result["invariants"][number]>): Result["invariants"][number] {
    return { id: 1, name: "what is wanted runs", held: true, excepted: false, seen: "2 running", ...at };
  }
});
