import { describe, expect, it } from "vitest";
import type { Engine } from "../engines/engine.ts";
import { logPattern } from "../logs/pattern.ts";
import { aPerson } from "../test-kit/a-person.ts";
import { aClaim, aLog, aStep, aTimeline, type Moment } from "../test-kit/a-timeline.ts";
import { PROFILES } from "../timing/profile.ts";
import type { ClusterSeen } from "../vocabulary.ts";
import type { Deed } from "./deed.ts";
import { createGuide, type GuideTerms } from "./guide.ts";
import { Left, WentBack } from "./person.ts";

const DEPLOY: Deed = { do: "deploy", file: "new-job.yaml", force: false };
const KILL: Deed = { do: "kill", machines: ["edge1"] };
const TOLD = logPattern({ name: "told", source: "orchestrator", match: /./, means: "It means.", tell: true });
const UNTOLD = logPattern({ name: "untold", source: "orchestrator", match: /./, means: "It hides." });

describe("before a deed", () => {
  it("says what it will be and why, and waits for Enter", async () => {
    const { guide, person } = aGuide({});
    await guide.before(DEPLOY, timing());
    expect(person.read.slice(0, 2)).toEqual(["", "1. Deploy new-job.yaml"]);
    expect(person.read[2]).toMatch(/^ {3}The scheduler decides/);
    expect(person.asked).toHaveLength(1);
  });

  it("lets time stand still while somebody thinks, and only then", async () => {
    let held = 0;
    const whileAsked: number[] = [];
    const ask = async () => {
      whileAsked.push(held);
      return "";
    };
    const person = { ...aPerson(), ask };
    const hold = () => {
      held += 1;
      return { [Symbol.dispose]: () => void (held -= 1) };
    };
    const { guide } = aGuide({ person, engine: anEngine({ hold }) });
    await guide.before(DEPLOY, timing());
    expect({ whileAsked, after: held }).toEqual({ whileAsked: [1], after: 0 });
  });

  it("shows nothing in the place of a question that is open, however much is logged meanwhile", async () => {
    const shown: string[] = [];
    const onLog = () => aTimeline([aLog("told", { text: "PUBLISH: it" })]).forEach(guide.onEntry);
    const ask = async () => {
      onLog();
      return "";
    };
    const person = { ...aPerson(), ask, showProgress: (text: string) => void shown.push(text) };
    const { guide } = aGuide({ person, engine: anEngine({}) });
    await guide.before(DEPLOY, timing());
    await guide.before(KILL, timing());
    expect(shown.filter(Boolean)).toEqual([]);
    onLog();
    expect(shown.filter(Boolean)).toEqual(["  … PUBLISH: it"]);
  });

  it.each([["q"], [undefined]])("is left by %s", async (answer) => {
    const { guide } = aGuide({ person: aPerson([answer]) });
    await expect(guide.before(DEPLOY, timing())).rejects.toBeInstanceOf(Left);
  });

  it("lets somebody do it in the UI, and asks again until it is done", async () => {
    const answers = ["It is not there yet.", undefined];
    const ui = {
      isOne: ({ do: deed }: Deed) => deed === "deploy",
      done: () => Promise.resolve(answers.shift()),
    };
    const { guide, person } = aGuide({ person: aPerson(["u", "u", "u", ""]), ui });
    await guide.before(DEPLOY, timing());
    expect(person.read.at(-1)).toBe("  It is not there yet.");
    expect(person.asked).toHaveLength(2);
    await guide.before(KILL, timing());
    expect(person.read.at(-1)).toBe('  "u" is none of these.');
  });

  it("asks again for what it does not know", async () => {
    const { guide, person } = aGuide({ person: aPerson(["x", ""]) });
    await guide.before(DEPLOY, timing());
    expect(person.asked).toHaveLength(2);
    expect(person.read.at(-1)).toBe('  "x" is none of these.');
  });

  it("goes back to the step before, where the engine can", async () => {
    const { guide } = aGuide({ person: aPerson(["", "b"]) });
    await guide.before(DEPLOY, timing());
    await expect(guide.before(KILL, timing())).rejects.toEqual(new WentBack(1));
  });

  it("says where there is no way back", async () => {
    const first = aGuide({ person: aPerson(["b", ""]) });
    await first.guide.before(DEPLOY, timing());
    expect(first.person.read.at(-1)).toBe("  There is nothing before this.");
    const docker = aGuide({ person: aPerson(["", "b", ""]), engine: anEngine({}) });
    await docker.guide.before(DEPLOY, timing());
    await docker.guide.before(KILL, timing());
    expect(docker.person.read.at(-1)).toMatch(/cannot go back in time/);
  });

  it("does not wait where time goes on and the step would be too late, and says why", async () => {
    const script = { "kill 1": { atOnce: "it is a race" } };
    const racing = aGuide({ script, engine: anEngine({}) });
    await racing.guide.before(KILL, timing());
    expect(racing.person.asked).toEqual([]);
    expect(racing.person.read.at(-1)).toBe("  At once, without waiting for you: it is a race.");
    const still = aGuide({ script });
    await still.guide.before(KILL, timing());
    expect(still.person.asked).toHaveLength(1);
  });
});

describe("after a deed", () => {
  const lines: readonly Moment[] = [
    aStep({ atMs: 1_000, verb: "deploy", subject: "new-job.yaml" }),
    aLog("told", { atMs: 1_100, text: "PUBLISH: it" }),
    aLog("untold", { atMs: 1_200, text: "TRACE: it" }),
  ];

  it("tells what was done as it happens, then the lines and what they mean, then what is believed", async () => {
    const { guide, person } = aGuide({});
    await guide.before(DEPLOY, timing());
    aTimeline(lines).forEach(guide.onEntry);
    expect(person.read.at(-1)).toBe("   1.0s  deploy    new-job.yaml");
    await guide.end();
    expect(person.read.slice(-9)).toEqual([
      "  Logged meanwhile",
      "   1.1s  PUBLISH: it",
      "         It means.",
      "",
      "  What the orchestrator believes",
      "  NODE   CONNECTION  CAN BE SENT TO  ID",
      "  edge1  connected   yes             n-1",
      "",
      "  no jobs",
    ]);
  });

  it("shows everything that is understood to whoever inspects", async () => {
    const { guide, person } = aGuide({ person: aPerson(["", "i", ""]) });
    await guide.before(DEPLOY, timing());
    aTimeline(lines).forEach(guide.onEntry);
    await guide.before(KILL, timing());
    expect(person.read).toContain("    It hides.");
  });

  it("asks the orchestrator again for whoever inspects where time goes on, and not in a simulation", async () => {
    for (const [engine, looks] of [
      [anEngine({}), 2],
      [anEngine({ hold: still }), 1],
    ] as const) {
      let asked = 0;
      const look = async () => {
        asked += 1;
        return SEEN;
      };
      const { guide } = aGuide({ person: aPerson(["", "i", ""]), engine, look });
      await guide.before(DEPLOY, timing());
      await guide.before(KILL, timing());
      expect(asked).toBe(looks);
    }
  });

  it("shows nothing of a step that was skipped, but does it", async () => {
    const { guide, person } = aGuide({ person: aPerson(["s"]) });
    await guide.before(DEPLOY, timing());
    aTimeline(lines).forEach(guide.onEntry);
    await guide.end();
    expect(person.read.at(-1)).toBe("   1.0s  deploy    new-job.yaml");
  });

  it("says what it means, and says so where it is not so", async () => {
    const claim: Deed = { do: "claim", what: "it runs", forMs: 3_750 };
    for (const [held, mark] of [
      [false, "ok"],
      [true, "NOT SO"],
    ] as const) {
      const { guide, person } = aGuide({ expected: "violated L1" });
      await guide.before(claim, timing());
      aTimeline([aClaim({ held })]).forEach(guide.onEntry);
      await guide.end();
      expect(person.read.join("\n")).toContain(`  ${mark.padEnd(6)}  The claim is not met`);
    }
  });

  it("says where nobody answers", async () => {
    const { guide, person } = aGuide({ look: async () => undefined });
    await guide.before(KILL, timing());
    await guide.end();
    expect(person.read.join("\n")).toContain("nothing that it could tell: it does not answer");
  });
});

describe("a run that is taken up again at a step", () => {
  it("does without a word and a question what comes before, and shows where it is", async () => {
    let looks = 0;
    const look = async () => {
      looks += 1;
      return SEEN;
    };
    const { guide, person } = aGuide({ from: 2, look });
    await guide.before(DEPLOY, timing());
    aTimeline([aStep()]).forEach(guide.onEntry);
    expect({ read: person.read, asked: person.asked }).toEqual({ read: [], asked: [] });
    await guide.before(KILL, timing());
    expect(person.read[1]).toBe("  What the orchestrator believes");
    expect(person.read).toContain("2. Kill edge1 (rm -f)");
    // It takes its time in the run that is repeated, too.
    expect({ looks, asked: person.asked.length }).toEqual({ looks: 1, asked: 1 });
  });
});

const SEEN: ClusterSeen = {
  nodes: [{ id: "n-1", name: "edge1", connection: "connected", ready: true }],
  jobs: [],
  executions: [],
};

function still(): Disposable {
  return { [Symbol.dispose]: () => {} };
}

function timing() {
  const profile = PROFILES["fast"];
  if (profile === undefined) throw new Error("there is always a fast profile");
  return profile.timing;
}

/** One whose time cannot be stopped, unless `hold` is given. */
function anEngine(at: Pick<Engine, "hold">): Engine {
  const clock = { nowMs: () => 0, after: () => ({ cancel: () => {} }) };
  const never = () => Promise.reject(new Error("nobody asks for it here"));
  return { name: "docker", title: "", clock, skewMs: 0, prepare: never, openStack: never, ...at };
}

function aGuide<P extends GuideTerms["person"] = ReturnType<typeof aPerson>>(
  at: Partial<GuideTerms> & { readonly person?: P },
) {
  const person = (at.person ?? aPerson()) as P;
  const guide = createGuide({
    engine: anEngine({ hold: still }),
    system: { patterns: [TOLD, UNTOLD] },
    script: {},
    expected: undefined,
    from: 1,
    look: async () => SEEN,
    ...at,
    person,
  });
  return { guide, person };
}
