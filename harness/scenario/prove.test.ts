import { describe, expect, it } from "vitest";
import type { Verdict } from "../checks/verdict.ts";
import { ControlError, type Remedy } from "../systems/system.ts";
import { aCluster, aRunState } from "../test-kit/a-cluster.ts";
import { aClaim, aProof, aTimeline, type Moment } from "../test-kit/a-timeline.ts";
import { createTimelineRecorder, ofKind } from "../timeline/timeline.ts";
import type { Condition } from "./condition.ts";
import { prove, proveAnew } from "./prove.ts";

const W_MS = 3_750;
const REMEDY: Remedy = { do: "publish", what: "the run request of e-1", subject: "s", payload: "p" };
const VIOLATED = {
  is: "violated",
  because: "",
  loss: "L1",
  witnesses: [],
  remedies: [REMEDY, { ...REMEDY, what: "another" }],
} satisfies Verdict;

const DRIVEN: Moment = { atMs: 86_400_000, kind: "driven-on", forMs: 86_400_000, healed: false, seen: "" };

describe("in the same run", () => {
  it("what was lost is delivered, and the claim watched until it is met", async () => {
    const { proof, delivered, state } = await proving({ healsAfterMs: 200 });
    const expected = {
      delivered: ["the run request of e-1", "another"],
      proven: true,
      afterMs: 200,
      seen: "it runs",
      inSecondRun: false,
    };
    expect(delivered).toEqual(VIOLATED.remedies);
    expect(proof).toEqual(expected);
    expect(ofKind(state.timeline.entries(), "proof")).toMatchObject([expected]);
  });

  it("a delivery that does not heal within W is not proven", async () => {
    const { proof } = await proving({ healsAfterMs: W_MS + 1 });
    expect(proof).toMatchObject({ proven: false, afterMs: W_MS, seen: "it does not run" });
  });

  it("nothing is delivered if it has healed by itself meanwhile", async () => {
    const { proof, delivered } = await proving({ healsAfterMs: 0, isHealed: true });
    expect(proof).toEqual({ why: "it healed by itself before anything was delivered: it runs" });
    expect(delivered).toEqual([]);
  });

  it.each<[string, Partial<Parameters<typeof proving>[0]>, string]>([
    ["the system gives no way", { cannot: true }, "this system gives no way to deliver a message by hand"],
    ["the cluster is to be kept", { keep: true }, "the cluster was to be kept as it is"],
    [
      "nobody knows what to do",
      { verdict: { ...VIOLATED, remedies: [] } },
      "the record does not hold what was lost",
    ],
  ])("there is no proof if %s", async (_what, at, why) => {
    const { proof, delivered } = await proving({ healsAfterMs: 0, ...at });
    expect(proof).toEqual({ why });
    expect(delivered).toEqual([]);
  });

  it.each<[string, Partial<Parameters<typeof proving>[0]>]>([
    ["the claim held", { verdict: { is: "held", because: "" } }],
    ["the run could not tell", { verdict: { is: "unknown", because: "" } }],
    ["no loss was named", { verdict: { ...VIOLATED, loss: null } }],
    ["the cluster was watched further", { before: [DRIVEN] }],
  ])("nothing is tried if %s", async (_what, at) => {
    const { proof, delivered } = await proving({ healsAfterMs: 0, ...at });
    expect([proof, delivered]).toEqual([undefined, []]);
  });

  it("a delivery that is refused is told", async () => {
    await expect(proving({ healsAfterMs: 0, refuses: true })).rejects.toThrow(new ControlError("no way in"));
  });
});

describe("by a second run", () => {
  const CLAIM = aClaim({ atMs: 5_000, held: false });
  const STUCK = { verdict: VIOLATED, timeline: aTimeline([CLAIM, DRIVEN]) };
  const PROVEN = { delivered: ["it"], proven: true, afterMs: 100, seen: "it runs", inSecondRun: false };
  const again = (moments: readonly Moment[] = [CLAIM, aProof({ atMs: 5_200 })]) => ({
    verdict: VIOLATED,
    timeline: aTimeline(moments),
    proof: PROVEN,
  });
  const anew = async (first: Parameters<typeof proveAnew>[0], second = again()) => {
    const recorder = createTimelineRecorder(() => {});
    let ran = 0;
    const proof = await proveAnew(first, recorder, () => {
      ran += 1;
      return Promise.resolve(second);
    });
    return { proof, ran, told: ofKind(recorder.entries(), "proof") };
  };

  it("is what that found, if it went the same way", async () => {
    const { proof, told } = await anew(STUCK);
    expect(proof).toEqual({ ...PROVEN, inSecondRun: true });
    expect(told).toMatchObject([{ atMs: 86_400_000, proven: true, inSecondRun: true }]);
  });

  it("is none if that went another way", async () => {
    const other = again([aClaim({ atMs: 5_001, held: false }), aProof({ atMs: 5_200 })]);
    const { proof, told } = await anew(STUCK, other);
    expect(proof).toMatchObject({ why: expect.stringContaining("another way") as string });
    expect(told).toEqual([]);
  });

  it("is none if that came to none", async () => {
    const why = { why: "no way" };
    expect((await anew(STUCK, { ...again(), proof: why as never })).proof).toBe(why);
  });

  it.each([
    ["later by itself", 5_201, true],
    ["as soon by itself", 5_200, false],
    ["sooner by itself", 5_100, false],
  ])("of a cluster that healed %s", async (_what, atMs, proven) => {
    const healing: Moment = { atMs, kind: "driven-on", forMs: 86_400_000, healed: true, seen: "" };
    const { proof } = await anew({ verdict: VIOLATED, timeline: aTimeline([CLAIM, healing]) });
    expect(proof).toMatchObject({ proven, seen: proven ? "it runs" : "it runs, and as soon without" });
  });

  it("is not tried for a run that was not watched further, nor where no loss was named", async () => {
    const proof = { why: "no way" };
    const short = { verdict: VIOLATED, timeline: aTimeline([CLAIM]), proof };
    expect(await anew(short)).toMatchObject({ proof, ran: 0 });
    expect(await anew({ ...STUCK, verdict: { ...VIOLATED, loss: null } })).toMatchObject({ ran: 0 });
  });
});

/** A cluster in which a claim is met so long after something was delivered. */
async function proving(at: {
  readonly healsAfterMs: number;
  readonly isHealed?: boolean;
  readonly verdict?: Verdict;
  readonly keep?: boolean;
  readonly cannot?: boolean;
  readonly refuses?: boolean;
  readonly before?: readonly Moment[];
}) {
  const cluster = aCluster();
  const state = await aRunState(cluster);
  for (const { atMs, ...body } of at.before ?? []) state.timeline.record(atMs, body);
  const delivered: Remedy[] = [];
  let runs = at.isHealed ?? false;
  const deliver = async (remedy: Remedy) => {
    if (at.refuses === true) throw new ControlError("no way in");
    delivered.push(remedy);
    cluster.clock.after(at.healsAfterMs, () => {
      runs = true;
      cluster.print("orchestrator", "progress");
    });
  };
  const claim: Condition = {
    what: "it runs",
    wakesOn: ({ pattern }) => pattern.name === "progress",
    look: () => Promise.resolve({ met: runs, seen: runs ? "it runs" : "it does not run" }),
  };
  const control = at.cannot === true ? state.control : { ...state.control, deliver };
  const terms = { verdict: at.verdict ?? VIOLATED, claim, windowMs: W_MS, keep: at.keep ?? false };
  const proof = await cluster.clock.drive(prove({ ...state, control }, terms));
  return { proof, delivered, state };
}
