import { Interrupted } from "./exit-code.ts";
import { watchLaunchers } from "./launchers.ts";

type StopSignal = ConstructorParameters<typeof Interrupted>[0];

/**
 * One cause may arrive as two signals: a terminal that is closed sends SIGHUP to every process in it, and pnpm, as it
 * ends, SIGTERM to its own a millisecond later. What comes so soon after the first is taken for the same.
 */
const SAME_PRESS_MS = 500;

/** What whoever does not wait for the clean-up has to know. */
export function leftLines(at: { readonly isElsewhere: boolean }): readonly string[] {
  return [
    "repro: at once, then: what had been started is left; see it: repro clean --dry-run; remove it: repro clean",
    ...(at.isElsewhere
      ? ["repro: what it made in the cloud is left there as well; docs/cloud.md says how that is removed"]
      : []),
  ];
}

export interface Interruption {
  /** Aborted when everything is to be cleaned up, and this process to end. */
  readonly signal: AbortSignal;
  /** The same, for a reason that is none of the signals; the first reason counts. */
  readonly end: (reason: Error) => void;
}

/**
 * Turns Ctrl-C, SIGTERM, a closed terminal, and the end of whoever started this process (`npx` hands on no SIGTERM)
 * into an abort that lets everything be cleaned up. A second Ctrl-C ends the process at once; the next run removes
 * what it leaves. `cleansUp`: there may be something to remove, and so something to tell; `isElsewhere`: not only here.
 */
export function onInterruption(
  tell: (text: string) => void,
  { cleansUp, isElsewhere = false }: { readonly cleansUp: boolean; readonly isElsewhere?: boolean },
): Interruption {
  const controller = new AbortController();
  let firstAtMs: number | undefined;
  watchLaunchers(() => {
    if (controller.signal.aborted) return;
    tell("repro: npx, or what else has started this for you, was ended: so is this");
    controller.abort(new Interrupted("SIGTERM"));
  });
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      // By a clock that a simulation leaves alone.
      const nowMs = Number(process.hrtime.bigint() / 1_000_000n);
      const interrupted = new Interrupted(name);
      switch (answerTo(name, firstAtMs === undefined ? undefined : nowMs - firstAtMs)) {
        case "clean up":
          firstAtMs = nowMs;
          // First: whoever is asked something just now has the line to themselves.
          controller.abort(interrupted);
          if (cleansUp) tell("repro: cleaning up (Ctrl-C once more leaves at once)");
          return;
        case "go on":
          return;
        case "leave":
          if (cleansUp) for (const line of leftLines({ isElsewhere })) tell(line);
          process.exit(interrupted.exitCode);
      }
    });
  }
  return { signal: controller.signal, end: (reason) => controller.abort(reason) };
}

/** @param sinceFirstMs since the first signal; undefined: this is the first. */
export function answerTo(
  signal: StopSignal,
  sinceFirstMs: number | undefined,
): "clean up" | "go on" | "leave" {
  if (sinceFirstMs === undefined) return "clean up";
  // Whoever closes the terminal does not wait any more: no reason to leave anything behind.
  if (signal === "SIGHUP") return "go on";
  return sinceFirstMs < SAME_PRESS_MS ? "go on" : "leave";
}
