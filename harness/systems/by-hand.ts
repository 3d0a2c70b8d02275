import type { Wait } from "../timeline/entry.ts";

/**
 * How a person does what the harness does: bash, in which `$RUN-<machine>` is the container of a machine. Commands
 * may call the functions; a script has those of them that it calls.
 */
export interface ByHand {
  /**
   * By name. `picture` must be one of them; it prints what there is to see, in any order, as `job NAME: STATE`,
   * `NAME vVERSION on NODE: OBSERVED, desired DESIRED` and, for each edge in `$edges`,
   * `EDGE itself: runs NAME vVERSION,NAME vVERSION`, sorted, or `nothing`. If there is a `give MACHINE…`, it is called
   * before these are started on new volumes (`$RUN-<machine>`), which it makes.
   */
  readonly functions: Readonly<Record<string, string>>;
  /** Takes the job file from standard input. */
  deploy(options: { readonly force: boolean }): string;
  stopJob(job: string): string;
  /** What to look out for, one after the other. Not asked of what has no name (`as-seen`). */
  lookOut(wait: NamedWait): readonly LookOut[];
  /** Something may have changed. */
  readonly anyChange: LookOut;
  /** Shows the states, and the lines in which a message about these jobs gets lost. */
  evidence(about: { readonly jobs: readonly string[]; readonly edges: readonly string[] }): readonly string[];
}

export type NamedWait = Exclude<Wait, { readonly is: "as-seen" }>;

export interface LookOut {
  /** The machine in whose log it is. */
  readonly on: string;
  /** An extended regular expression. */
  readonly line: string;
  /** The line only says that it is worth looking; it is so when this command succeeds. */
  readonly check?: string;
}
