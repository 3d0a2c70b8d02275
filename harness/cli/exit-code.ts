import { EnvironmentError, UsageError } from "../errors.ts";
import type { Result } from "../report/result.ts";

/** Spec 4-harness, "Exit". */
export const EXIT = {
  asExpected: 0,
  unexpected: 1,
  unknown: 2,
  environment: 3,
  usage: 64,
  defect: 70,
} as const;

/** The graver first. */
const ORDER: readonly number[] = [EXIT.defect, EXIT.environment, EXIT.usage, EXIT.unexpected, EXIT.unknown];

/** Of many runs the first that applies: one that was not as expected counts more than one that could not tell. */
export function exitCodeOfMany(codes: readonly number[]): number {
  return ORDER.find((code) => codes.includes(code)) ?? EXIT.asExpected;
}

export function exitCodeOf(results: readonly Result[]): number {
  return exitCodeOfMany(results.map(exitCodeOfResult));
}

export function exitCodeOfResult(result: Result): number {
  if (result.verdict === "unknown") return EXIT.unknown;
  return result.asExpected ? EXIT.asExpected : EXIT.unexpected;
}

/** What `git bisect run` reads: 125 says that this commit cannot be judged, from 128 on that it shall stop. */
const BISECT_SKIP = 125;

/**
 * The exit code as `git bisect run` wants it: good and bad as they are, and everything that is no verdict (an unknown,
 * the environment, a scenario or an option that a commit does not have yet, a defect) skips the commit. An
 * interruption stays one, and ends the bisection.
 */
export function exitCodeForBisect(code: number): number {
  const isAnswer = code === EXIT.asExpected || code === EXIT.unexpected || code >= 128;
  return isAnswer ? code : BISECT_SKIP;
}

/** The user, or whoever runs the process, has asked it to stop. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode: number;
  constructor(signal: "SIGINT" | "SIGTERM" | "SIGHUP") {
    super(`interrupted by ${signal}`);
    this.exitCode = 128 + { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[signal];
  }
}

export function exitCodeOfError(error: unknown): number {
  if (isSaidTwice(error)) return exitCodeOfError(error.suppressed);
  if (error instanceof SuppressedError) {
    // Both the work and its clean-up failed: the graver one counts.
    const codes = [exitCodeOfError(error.suppressed), exitCodeOfError(error.error)] as const;
    return [EXIT.defect, EXIT.environment].find((code) => codes.includes(code)) ?? codes[0];
  }
  if (error instanceof Interrupted) return error.exitCode;
  if (error instanceof EnvironmentError) return EXIT.environment;
  if (error instanceof UsageError) return EXIT.usage;
  return EXIT.defect;
}

/** What a person is told: what happened, and what to do next. A defect of ours shows where. */
export function errorLines(error: unknown): string[] {
  if (isSaidTwice(error)) return errorLines(error.suppressed);
  if (error instanceof SuppressedError) {
    // What failed first explains the rest.
    const first: unknown = error.suppressed;
    const told =
      first instanceof Interrupted
        ? [`repro: ${first.message}; not everything that was started could be removed`]
        : errorLines(first);
    return [...told, ...errorLines(error.error)];
  }
  if (error instanceof EnvironmentError) return [`repro: ${error.message}`, `  mend: ${error.mend}`];
  if (error instanceof UsageError) return [`repro: ${error.message}`];
  if (error instanceof Interrupted)
    return [`repro: ${error.message}; everything that was started is removed`];
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [`repro: a defect in the harness itself, please report it`, stack];
}

/** A simulation tells at its end what it has thrown already: that is no second failure. */
function isSaidTwice(error: unknown): error is SuppressedError {
  if (!(error instanceof SuppressedError)) return false;
  const first: unknown = error.suppressed;
  return first === error.error || (first instanceof Error && first.cause === error.error);
}
