/** Facts about the machine that a process runs on. */
export interface Host {
  readonly hostname: string;
  /** As Node spells them: `linux`, `x64`. */
  readonly os: string;
  readonly arch: string;
  /** An environment variable, or undefined if it is not set. */
  env(name: string): string | undefined;
  /** Writes one line to the process's standard output; `line` has no newline of its own. */
  writeLine(line: string): void;
}
