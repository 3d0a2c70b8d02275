/** Something outside the harness is missing or broken: exit 3. Says what was seen and the command that mends it. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  readonly mend: string;
  constructor(at: {
    readonly wanted: string;
    readonly seen: string;
    readonly mend: string;
    readonly cause?: unknown;
  }) {
    super(`${at.wanted}: ${at.seen}`, { cause: at.cause });
    this.mend = at.mend;
  }
}

/** What is wrong is at an orchestrator elsewhere, or on the way there; nothing here has to be waited for. */
export class ElsewhereError extends EnvironmentError {}

/** The user asked for something that cannot be: exit 64. Says the place and what is accepted. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
