import { Interrupted } from "./exit-code.ts";

/**
 * Turns Ctrl-C, SIGTERM and a closed terminal into an abort that lets everything be cleaned up. A second
 * Ctrl-C ends the process at once; the next run removes what it leaves. `cleansUp`: there may be something to remove,
 * and so something to tell.
 */
export function onInterruption(
  tell: (text: string) => void,
  { cleansUp }: { readonly cleansUp: boolean },
): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      const interrupted = new Interrupted(name);
      if (controller.signal.aborted) {
        if (cleansUp) tell("repro: at once, then; `repro clean` removes what is left");
        process.exit(interrupted.exitCode);
      }
      if (cleansUp) tell("repro: cleaning up (once more to leave at once)");
      controller.abort(interrupted);
    });
  }
  return controller.signal;
}
