import { EnvironmentError } from "../errors.ts";
import type { Finding, Judgement } from "./finding.ts";

/** One question about facts that are there already: a pure function. */
export interface Check<Facts> {
  readonly id: string;
  readonly asks: string;
  readonly why: string;
  readonly judge: (facts: Facts) => Judgement;
}

/** Facts that are asked for together, and the checks that judge them. */
export interface Examination<Facts> {
  /** What is told if nothing can be found out. */
  readonly id: string;
  readonly asks: string;
  readonly why: string;
  /** For failures that do not say themselves how they are mended. */
  readonly mend: string;
  /** Runs do without it, so that a failure to find out is worth no more than a note. */
  readonly isOptional?: true;
  readonly ask: (signal: AbortSignal) => Promise<Facts>;
  readonly checks: readonly Check<Facts>[];
}

/** Facts of which there is but one thing to say. */
export function question<Facts>(
  of: Check<Facts> & Pick<Examination<Facts>, "mend" | "ask" | "isOptional">,
): Examination<Facts> {
  return { ...of, checks: [of] };
}

/** What came of asking: the facts for whoever builds upon them, undefined if there are none. */
export interface Examined<Facts> {
  readonly facts?: Facts;
  readonly findings: readonly Finding[];
}

/**
 * Asks, for as long as `limitMs`, and judges. Whatever goes wrong with asking, silence included, is a finding: whoever
 * asks what is wrong is not answered by an error.
 */
export async function examine<Facts>(
  examination: Examination<Facts>,
  limitMs: number,
): Promise<Examined<Facts>> {
  const { id, asks, why } = examination;
  const signal = AbortSignal.timeout(limitMs);
  let facts: Facts;
  try {
    facts = await Promise.race([examination.ask(signal), endOf(signal)]);
  } catch (error) {
    const failure = signal.aborted ? new Error(`no answer within ${limitMs / 1000} s`) : error;
    const verdict = examination.isOptional === true ? "note" : "broken";
    return { findings: [{ id, asks, why, verdict, ...tellFailure(failure, examination.mend) }] };
  }
  const findings = examination.checks.map(({ id, asks, why, judge }) => ({ id, asks, why, ...judge(facts) }));
  return { facts, findings };
}

/** Not every library heeds a signal. */
function endOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

function tellFailure(error: unknown, mend: string): { readonly seen: string; readonly mend: string } {
  if (error instanceof EnvironmentError) return { seen: error.message, mend: error.mend };
  if (error instanceof TypeError) return { seen: `the answer makes no sense: ${error.message}`, mend };
  return { seen: error instanceof Error ? error.message : String(error), mend };
}
