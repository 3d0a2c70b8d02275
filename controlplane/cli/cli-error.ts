/** Something that a person has to know and can act upon; becomes one line on standard error. */
export class CliError extends Error {
  override readonly name: string = "CliError";
  readonly exitCode: ExitCode;
  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** 1: it was refused, or it failed. 64: wrong usage or input, so that asking again the same way cannot help. */
export type ExitCode = 1 | 64;

/** What is wrong with a job file: one line a problem, each starting with its place, as compilers write it. */
export class JobFileError extends CliError {
  override readonly name = "JobFileError";
  constructor(lines: readonly string[]) {
    super(64, lines.join("\n"));
  }
}

/** Wraps what a file port threw. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
