import chalk from "chalk";
import type { Engine } from "../engines/engine.ts";
import type { System } from "../systems/system.ts";
import type { Entry } from "../timeline/entry.ts";
import { sayDuration } from "../timing/duration.ts";
import type { Timing } from "../timing/profile.ts";
import type { ClusterSeen } from "../vocabulary.ts";
import { announce, type Deed } from "./deed.ts";
import { happening, HAPPENING_INDENT } from "./happening.ts";
import { LOG_INDENT, logDigest, logInFull } from "./log-lines.ts";
import { Left, WentBack, type Person } from "./person.ts";
import { checkedLines, REMARK_INDENT } from "./remark.ts";
import { remarksOf, type Script, type StepWords } from "./script.ts";
import { clusterTables } from "./tables.ts";
import type { Guide } from "./walked.ts";

/** What a guide needs to lead through one run. */
export interface GuideTerms {
  readonly person: Person;
  readonly engine: Engine;
  readonly system: Pick<System, "patterns">;
  readonly script: Script;
  /** What is expected of the run: `held`, `violated L1`; undefined if nothing is known of it. */
  readonly expected: string | undefined;
  /** The step to take up again; those before it are done without a word. The first is 1. */
  readonly from: number;
  /** Asks the orchestrator for all it believes; undefined where it does not answer. */
  readonly look: () => Promise<ClusterSeen | undefined>;
  /** What a person may do in a web interface instead; missing where there is none. */
  readonly ui?: UiSteps | undefined;
}

export interface UiSteps {
  readonly isOne: (deed: Deed) => boolean;
  /** Takes it for done; resolves with what is missing if it is not. */
  readonly done: (deed: Deed) => Promise<string | undefined>;
}

interface Step {
  readonly number: number;
  readonly deed: Deed;
  readonly words: StepWords;
  /** The person wants no more of it than that it is done. */
  readonly isBrief: boolean;
}

/**
 * Leads somebody through one run: before each deed what it will be and why, then a question; after it what was
 * logged, what the orchestrator believes, and what to make of it. Steps are numbered by what is done.
 */
export function createGuide(terms: GuideTerms): Guide & {
  readonly onEntry: (entry: Entry) => void;
  /** The run is over, however it ended: nothing more is shown of its own accord. */
  readonly close: () => void;
} {
  const { person, engine, system, script, expected } = terms;
  const all: Entry[] = [];
  const counts = new Map<string, number>();
  /** Where in the record the last step began that was shown, and where the next one begins. */
  let lastFrom = 0;
  let stepFrom = 0;
  let current: Step | undefined;
  let seen: ClusterSeen | undefined;
  let ticking: { cancel(): void } | undefined;
  let isAsking = false;

  return {
    onEntry: (entry) => {
      all.push(entry);
      if (current === undefined || isSilent(current)) return;
      const line = happening(entry);
      if (line !== undefined) person.tell(line, HAPPENING_INDENT);
      // In a simulation it is there before anybody could read it; in the place of a question it would hide that.
      else if (entry.kind === "log" && engine.hold === undefined && !isAsking)
        person.showProgress(`  … ${entry.text}`);
    },
    waits: ({ what, patienceMs = 0 }) => {
      if (current === undefined || isSilent(current)) return;
      // Of what comes at once nobody needs to be told that it is waited for.
      if (engine.hold !== undefined || patienceMs < LONG_MS) return;
      person.tell(
        `  … until ${what}; in real time, up to ${sayDuration(patienceMs)} (--engine sim, or --timing fast, is quicker)`,
        4,
      );
      tick(what);
    },
    before: async (deed, timing) => {
      stopTicking();
      const count = (counts.get(deed.do) ?? 0) + 1;
      counts.set(deed.do, count);
      const words = script[`${deed.do} ${count}`] ?? {};
      const next = { number: (current?.number ?? 0) + 1, deed, words, isBrief: false };
      if (words.atOnce !== undefined && engine.hold === undefined) {
        // Looking and asking would take the time that there is not.
        announceStep(next, timing);
        person.tell(`  At once, without waiting for you: ${words.atOnce}.`, 2);
        current = next;
        return;
      }
      await finish();
      announceStep(next, timing);
      const isBrief = isSilent(next) ? false : await asked(next);
      current = { ...next, isBrief };
      // A watch takes its time; a step without a sign of life looks like one that hangs.
      if (deed.do === "claim" || deed.do === "always") tick(deed.what);
    },
    end: async () => {
      stopTicking();
      await finish();
      person.showProgress("  … the rest of the cluster is looked at; what is stuck is watched on");
    },
    close: stopTicking,
  };

  function isSilent(step: Step): boolean {
    return step.number < terms.from;
  }

  /** What there is to be seen after a step. Asked for even when it is not shown, so that a repeated run is the same. */
  async function finish(): Promise<void> {
    if (current === undefined) return;
    person.showProgress("");
    seen = await terms.look();
    const step = all.slice(stepFrom);
    lastFrom = stepFrom;
    stepFrom = all.length;
    // Whoever comes back to a step sees where they are.
    if (current.number === terms.from - 1) section(BELIEVES, tables(false), 4);
    if (isSilent(current) || current.isBrief) return;
    const { deed, words } = current;
    const digest = logDigest(step, system.patterns);
    if (digest.length > 0) section("Logged meanwhile", digest, LOG_INDENT);
    section(BELIEVES, tables(false), 4);
    const remarks = words.remarks?.(expected) ?? remarksOf(deed, expected);
    const lines = checkedLines(remarks, { seen, step, all, expected });
    const look = words.look === undefined ? [] : [`  look    ${words.look}`];
    if (lines.length + look.length > 0) section("What that means", [...lines, ...look], REMARK_INDENT);
  }

  function tables(whole: boolean): readonly string[] {
    if (seen === undefined) return ["  nothing that it could tell: it does not answer"];
    return clusterTables(seen, { width: person.width, whole });
  }

  function section(title: string, lines: readonly string[], hang: number): void {
    person.tell("");
    person.tell(`  ${chalk.bold(title)}`);
    for (const line of lines) person.tell(line, hang);
  }

  function announceStep(step: Step, timing: Timing): void {
    if (isSilent(step)) return;
    const { title, why } = announce(step.deed, timing);
    person.tell("");
    person.tell(chalk.bold(`${step.number}. ${step.words.title ?? title}`), 3);
    person.tell(`   ${step.words.why ?? why}`, 3);
  }

  /** Waits for the person. Resolves with whether they want to skip what there is to see. */
  async function asked(step: Step): Promise<boolean> {
    // Nothing happens in a simulation while they think.
    using _standStill = engine.hold?.();
    const ui = terms.ui?.isOne(step.deed) === true ? terms.ui : undefined;
    for (;;) {
      isAsking = true;
      const answer = await person
        .ask(ui !== undefined ? UI_QUESTION : engine.hold === undefined ? FORWARD : QUESTION)
        .finally(() => (isAsking = false));
      if (ui !== undefined && answer === "u") {
        const missing = await ui.done(step.deed);
        if (missing === undefined) return false;
        person.tell(`  ${missing}`, 2);
        continue;
      }
      switch (answer) {
        case "":
          return false;
        case "s":
        case "skip":
          return true;
        case undefined:
        case "q":
        case "quit":
          throw new Left();
        case "i":
        case "inspect":
          await inspect();
          break;
        case "b":
        case "back":
          if (engine.hold !== undefined && step.number > 1) throw new WentBack(step.number - 1);
          person.tell(
            step.number === 1
              ? "  There is nothing before this."
              : "  Containers cannot go back in time; a simulation can: --engine sim",
            2,
          );
          break;
        default:
          person.tell(`  "${answer}" is none of these.`, 2);
      }
    }
  }

  /** Where time goes on the orchestrator is asked again; in a simulation nothing can have changed. */
  async function inspect(): Promise<void> {
    if (current === undefined) {
      person.tell("  Nothing has been started yet.", 2);
      return;
    }
    if (engine.hold === undefined) seen = await terms.look();
    section(
      "Every line of the last step that is understood",
      logInFull(all.slice(lastFrom), system.patterns),
      4,
    );
    section(BELIEVES, tables(true), 4);
    person.tell("");
  }

  /** Real seconds that go by are shown; virtual ones take none. */
  function tick(what: string): void {
    if (engine.hold !== undefined) return;
    stopTicking();
    const sinceMs = engine.clock.nowMs();
    const again = () => {
      person.showProgress(`  … ${Math.round((engine.clock.nowMs() - sinceMs) / 1_000)} s, until ${what}`);
      ticking = engine.clock.after(TICK_MS, again);
    };
    ticking = engine.clock.after(TICK_MS, again);
  }

  function stopTicking(): void {
    ticking?.cancel();
    ticking = undefined;
  }
}

const QUESTION = "Enter: do it · i inspect · s skip · b back · q quit";
/** Where nothing can go back in time. */
const FORWARD = "Enter: do it · i inspect · s skip · q quit";
/** The seeds do it in the web interface of the cloud. */
const UI_QUESTION = "Enter: do it · u done in the UI · i inspect · s skip · q quit";
const BELIEVES = "What the orchestrator believes";
const TICK_MS = 1_000;
/** Whoever waits longer than this wants to be told why. */
const LONG_MS = 10_000;
