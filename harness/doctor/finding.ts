/**
 * `broken` prevents runs on the engine that was asked for. `note` is worth knowing: something is slower, is done without,
 * or will be mended by the next run itself.
 */
export type Verdict = "ok" | "note" | "broken";

/** What one check made of what it was told. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly seen: string;
  /** The command that mends it; missing where there is nothing to mend. */
  readonly mend?: string;
  /** For whoever wants to know all of it, a line each. */
  readonly details?: readonly string[];
}

/** A judgement together with its question. */
export interface Finding extends Judgement {
  readonly id: string;
  readonly asks: string;
  /** Why it matters. */
  readonly why: string;
}

export function ok(seen: string): Judgement {
  return { verdict: "ok", seen };
}

export function note(seen: string, mend?: string): Judgement {
  return mend === undefined ? { verdict: "note", seen } : { verdict: "note", seen, mend };
}

export function broken(seen: string, mend: string): Judgement {
  return { verdict: "broken", seen, mend };
}
