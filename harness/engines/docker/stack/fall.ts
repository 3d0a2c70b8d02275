import type { Fall } from "../../engine.ts";
import { inspect, stateOf } from "./inspect.ts";
import { type MachineRecord, shortId } from "./record.ts";

/** Of what a container printed last, so many lines are looked through for what is worth telling. */
export const LAST_LINES = 30;

/** Never resolves for one that goes on, or whose end was asked for. */
export async function fall(machine: MachineRecord): Promise<Fall> {
  const { container, attached, spec } = machine;
  if (container === undefined || attached === undefined) return await new Promise(() => {});
  await attached.over;
  // Its log may also just have broken off: then this waits on. One that was removed was removed by somebody.
  await container.wait().catch(() => {});
  const info = machine.container === container && !machine.down ? await inspect(machine) : undefined;
  if (stateOf(info) !== "exited") return await new Promise(() => {});
  const exitCode = info?.State.ExitCode ?? -1;
  const last = lastWords(machine.lastLines);
  return {
    exitCode,
    seen:
      `container ${shortId(container)} (${info?.Name.replace(/^\//, "") ?? spec.name}) ended by itself with ${exitCode}; ` +
      (last === undefined ? "it printed nothing" : `its last line: ${last}`),
  };
}

/** The last line; of an error that nobody caught, what it was: below it Node prints where, and its own version last. */
export function lastWords(lines: readonly string[]): string | undefined {
  const last = lines.findLast((line) => line.trim() !== "");
  if (last?.startsWith("Node.js v") !== true) return last?.trim();
  return lines.findLast((line) => /^\w*Error\b/.test(line)) ?? last;
}
