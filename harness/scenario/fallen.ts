import type { Machine } from "../engines/engine.ts";
import { EnvironmentError } from "../errors.ts";
import type { System } from "../systems/system.ts";
import type { RunState } from "./run-state.ts";

/** A machine has ended by itself while it was waited for. */
export class MachineFell extends EnvironmentError {
  /** An engine that goes down takes its machines with it, and ends them in these ways: by a signal, or as they like. */
  readonly mayBeTheEngine: boolean;
  constructor(machine: string, { exitCode, seen }: { readonly exitCode: number; readonly seen: string }) {
    super({
      wanted: `wait for ${machine} to come up`,
      seen,
      mend: "see what is wrong with what it runs; all that it printed is in the report's logs; repro doctor tells of the rest",
    });
    this.mayBeTheEngine = exitCode === 0 || exitCode > 128;
  }
}

/** What is waited for, unless one of the machines ends by itself meanwhile: then it never comes. @throws MachineFell */
export async function unlessOneFalls<T>(
  { stack, system }: Pick<RunState, "stack" | "system">,
  work: Promise<T>,
): Promise<T> {
  const falls = stack
    .machines()
    .flatMap(({ name, fell }) => (fell === undefined ? [] : [fallOf(name, fell, system)]));
  return await Promise.race([work, ...falls]);
}

/** With what it printed last, as far as that may be told. */
async function fallOf(
  name: string,
  fell: NonNullable<Machine["fell"]>,
  { conceal }: Pick<System, "conceal">,
): Promise<never> {
  const { exitCode, seen } = await fell();
  throw new MachineFell(name, { exitCode, seen: conceal?.(seen, name) ?? seen });
}
