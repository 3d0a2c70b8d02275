import { Interrupted } from "./exit-code.ts";

/**
 * Turns Ctrl-C, SIGTERM and a closed terminal into an abort that lets everything be cleaned up. A second
 * Ctrl-C ends the process at once; the next run removes what it leaves.
 */
export function onInterruption(tell: (text: string) => void): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      const interrupted = new Interrupted(name);
      if (controller.signal.aborted) {
        tell("repro: at once, then; `repro clean` removes what is left");
        process.exit(interrupted.exitCode);
      }
      tell("repro: cleaning up (once more to leave at once)");
      controller.abort(interrupted);
    });
  }
  return controller.signal;
}
