import type { MachineLine, Stack } from "../../harness/engines/engine.ts";

/** Collects a stack's lines, and waits for those to come. */
export function linesOf(stack: Stack): {
  /** What a machine printed so far. */
  of(machine: string): string[];
  /** The first line of that machine that matches, come or to come; the test's time-out bounds the wait. */
  next(machine: string, pattern: RegExp): Promise<string>;
} {
  const lines: MachineLine[] = [];
  const waiting = new Set<(line: MachineLine) => void>();
  stack.onLine((line) => {
    lines.push(line);
    for (const wake of waiting) wake(line);
  });
  return {
    of: (machine) => lines.filter((line) => line.machine === machine).map(({ text }) => text),
    next: async (machine, pattern) =>
      await new Promise((resolve) => {
        const wake = (line: MachineLine) => {
          if (line.machine !== machine || !pattern.test(line.text)) return;
          waiting.delete(wake);
          resolve(line.text);
        };
        waiting.add(wake);
        for (const line of lines) wake(line);
      }),
  };
}
