/** What was asked of a run, as far as it shows in the command that repeats it. */
export interface Replay {
  readonly scenario: string;
  readonly engine: "docker" | "sim";
  /** As typed: `auto` on Docker finds Docker again. */
  readonly askedEngine: string;
  /** Name of the system. */
  readonly system: string;
  /** As typed: a profile or a file. */
  readonly timing: string;
  readonly set?: readonly string[] | undefined;
  readonly fix: string;
  /** As typed. */
  readonly avoid?: string | undefined;
  readonly expect?: string | undefined;
  /** Undefined: as many as the scenario says. */
  readonly edges?: number | undefined;
  readonly seed: number;
}

/** The command that does it again: everything that was not left to its default; on Docker the seed changes nothing. */
export function replayCommand(at: Replay): string {
  return ["pnpm repro", at.scenario, ...replayOptions(at)].join(" ");
}

export function replayOptions(at: Omit<Replay, "scenario">): readonly string[] {
  return [
    ...(at.engine === "sim"
      ? ["--engine sim"]
      : at.askedEngine === "auto"
        ? []
        : [`--engine ${at.askedEngine}`]),
    ...(at.system === "bundled" ? [] : [`--system ${at.system}`]),
    ...(at.timing === "default" ? [] : [`--timing ${at.timing}`]),
    ...(at.set ?? []).map((setting) => `--set ${setting}`),
    ...(at.fix === "none" ? [] : [`--fix ${at.fix}`]),
    ...(at.avoid === undefined ? [] : [`--avoid ${at.avoid}`]),
    ...(at.expect === undefined ? [] : [`--expect ${at.expect}`]),
    ...(at.edges === undefined ? [] : [`--edges ${at.edges}`]),
    ...(at.engine === "sim" ? [`--seed ${at.seed}`] : []),
  ];
}
