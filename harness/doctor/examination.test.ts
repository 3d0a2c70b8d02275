import { describe, expect, it } from "vitest";
import { EnvironmentError } from "../errors.ts";
import { examine, question } from "./examination.ts";
import { note, ok } from "./finding.ts";

const ABOUT = { id: "tides", asks: "Is it high tide?", why: "Ships run aground.", mend: "wait six hours" };

describe("an examination", () => {
  it("tells what each check makes of the facts, and hands them on", async () => {
    const examination = {
      ...ABOUT,
      ask: async () => 3,
      checks: [
        { ...ABOUT, judge: (metres: number) => ok(`${metres} m`) },
        { ...ABOUT, id: "wind", judge: () => note("a storm", "reef") },
      ],
    };
    const { id, asks, why } = ABOUT;
    expect(await examine(examination, 1_000)).toEqual({
      facts: 3,
      findings: [
        { id, asks, why, verdict: "ok", seen: "3 m" },
        { id: "wind", asks, why, verdict: "note", seen: "a storm", mend: "reef" },
      ],
    });
  });

  it.each([
    ["an error of the system", new Error("EIO: i/o error"), "EIO: i/o error", "wait six hours"],
    ["nonsense", new TypeError("no length"), "the answer makes no sense: no length", "wait six hours"],
    [
      "an error that says how it is mended",
      new EnvironmentError({ wanted: "the gauge", seen: "it is dry", mend: "go there" }),
      "the gauge: it is dry",
      "go there",
    ],
  ])("takes %s for the finding", async (_, error, seen, mend) => {
    const examined = await examine(
      anExaminationThat(() => Promise.reject(error)),
      1_000,
    );
    expect(examined.facts).toBeUndefined();
    expect(examined.findings).toMatchObject([{ id: "tides", verdict: "broken", seen, mend }]);
  });

  it("takes no more than note of a failure to find out what runs do without", async () => {
    const examination = anExaminationThat(() => Promise.reject(new Error("it hangs")));
    const { findings } = await examine({ ...examination, isOptional: true }, 1_000);
    expect(findings).toMatchObject([{ id: "tides", verdict: "note", seen: "it hangs" }]);
  });

  it("gives up what hangs, whether or not it heeds the signal", async () => {
    for (const ask of [hangs, hangsUntilTold]) {
      const { findings } = await examine(anExaminationThat(ask), 20);
      expect(findings).toMatchObject([
        { id: "tides", verdict: "broken", seen: "no answer within 0.02 s", mend: "wait six hours" },
      ]);
    }
  });
});

function anExaminationThat(ask: (signal: AbortSignal) => Promise<never>) {
  return question({ ...ABOUT, ask, judge: () => ok("it was judged") });
}

function hangs(): Promise<never> {
  return new Promise(() => {});
}

function hangsUntilTold(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("told to stop")), { once: true });
  });
}
