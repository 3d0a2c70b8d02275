import { followLog, type Running, type Shell } from "./shell.ts";

/** One command of a seed, and what the seed says that one sees then. */
export interface Step {
  /** As it is typed; a `sleep` is not slept, but waited for. */
  readonly types: string;
  /** Everything of this can be read in the answer; where not yet, once the orchestrator has got on. */
  readonly shows?: readonly RegExp[];
  /** Nothing of this can. */
  readonly showsNo?: readonly RegExp[];
  /** What the seed has people sleep for, or what is about to happen: lines of the orchestrator's log, each so often. */
  readonly logs?: readonly (readonly [line: RegExp, times: number])[];
  /** Where it is not 0. */
  readonly exitCode?: number;
}

/** What the log tells of every change that a table could show; looking at tables leaves lines, too. */
const CHANGE = /(STATUS|RECONCILER|NODE|TRANSPORT): /;

/** Types one step after another, and looks. Ends with the whole log of the orchestrator. */
export async function follow(
  steps: readonly Step[],
  { shell, orchestrator }: { readonly shell: Shell; readonly orchestrator: string },
): Promise<string> {
  let log: Running | undefined;
  try {
    for (const step of steps) {
      await take(step, shell, () => (log ??= followLog(orchestrator)));
    }
    return log?.text() ?? "";
  } finally {
    await log?.interrupts();
  }
}

async function take(step: Step, shell: Shell, log: () => Running): Promise<void> {
  const { types, shows = [], showsNo = [], logs = [], exitCode = 0 } = step;
  if (!types.startsWith("sleep ")) {
    for (;;) {
      // Counted before the look: what comes during it is not missed.
      const changes = shows.length === 0 ? 0 : log().count(CHANGE);
      const said = await shell.types(types);
      const seen = `$ ${types}\n${said.text}`;
      if (said.exitCode !== exitCode)
        throw new Error(`${seen}\nended with ${said.exitCode}, not ${exitCode}`);
      const wrong = showsNo.filter((pattern) => pattern.test(said.text));
      if (wrong.length > 0) throw new Error(`${seen}\nshows ${wrong.join(", ")}`);
      const missing = shows.filter((pattern) => !pattern.test(said.text));
      if (missing.length === 0) break;
      await log()
        .says(CHANGE, changes + 1)
        .catch((cause: unknown) => {
          throw new Error(`${seen}\ndoes not show ${missing.join(", ")}`, { cause });
        });
    }
  }
  for (const [line, times] of logs) await log().says(line, times);
}
