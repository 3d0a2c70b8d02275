import { describe, expect, it } from "vitest";
import { expectationFor } from "../../harness/checks/expectation.ts";
import { scenarios } from "../../scenarios/index.ts";
import { simulate } from "./simulate.ts";

const SEEDS = 20;
const HOURS_24 = 24 * 60 * 60_000;

describe.each(scenarios.map((scenario) => [scenario.id, scenario] as const))("%s", (_id, scenario) => {
  const expected = expectationFor(scenario, "none");
  const loss = /^violated (?<loss>L\d)$/.exec(expected ?? "")?.groups?.["loss"] ?? null;

  it.each(["default", "fast"])(
    "is found as expected, with its loss and its witnesses, in %s timing under every seed",
    async (profile) => {
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const { result } = await simulate({ scenario, seed, profile });
        const sources = new Set(result.witnesses.map((witness) => witness.source));
        expect(
          { seed, verdict: result.verdict, loss: result.loss, asExpected: result.asExpected },
          `seed ${seed}: ${result.because}`,
        ).toEqual({ seed, verdict: expected?.split(" ")[0], loss, asExpected: true });
        expect(sources.size, `seed ${seed}`).toBeGreaterThanOrEqual(loss === null ? 0 : 2);
        expect(
          result.premises.every((premise) => premise.held),
          `seed ${seed}`,
        ).toBe(true);
      }
    },
    60_000,
  );

  it("is about something with as few edges as it may have, and with fewer about nothing", async () => {
    const { leastEdges = 1 } = scenario;
    const at = { scenario, seed: 1, profile: "fast" };
    expect((await simulate({ ...at, edges: leastEdges })).result.asExpected).toBe(true);
    if (leastEdges === 1) return;
    await expect(simulate({ ...at, edges: leastEdges - 1 })).rejects.toThrow(/^the scenario picks /);
  });

  it("says what it was told", async () => {
    const { result, outcome } = await simulate({ scenario, seed: 7, profile: "fast", edges: 3 });
    expect(result).toMatchObject({
      simulated: true,
      engine: "simulation",
      seed: 7,
      edges: 3,
      timing: "fast",
      fix: "none",
    });
    expect(result.events).toBe(outcome.timeline.length);
  });
});

describe("a stuck cluster", () => {
  it("is watched for 24 virtual hours more, and is still stuck", async () => {
    const [headline] = scenarios;
    const { outcome, result } = await simulate({
      scenario: headline!,
      seed: 1,
      profile: "default",
      driveOnMs: HOURS_24,
    });
    expect(outcome.timeline.filter((entry) => entry.kind === "driven-on")).toEqual([
      expect.objectContaining({ forMs: HOURS_24, healed: false }),
    ]);
    expect(result.because).toContain("still so after 24 virtual hours");
    // The verdict's own time is that of the claim.
    expect(result.virtualMs).toBeLessThan(10 * 60_000);
  }, 30_000);
});
