import { join } from "node:path";
import { question, type Examination } from "../examination.ts";
import { broken, note, ok, type Judgement } from "../finding.ts";
import type { Host } from "../host.ts";

export interface Runtime {
  readonly running: string;
  /** The version that package.json pins for this platform, if it has one for it. */
  readonly pinned: string | undefined;
  readonly platform: string;
}

/** Types are stripped and SQLite is built in from here on. */
const LEAST_MAJOR = 24;

export function runtime(host: Host): Examination<Runtime> {
  return question({
    id: "runtime",
    asks: "Does this run on the Node that the project pins?",
    why: "The containers run on the pinned Node; tests and simulations on another one are about another one.",
    mend: "git checkout -- package.json",
    ask: async () => {
      const text = await host.read(join(host.repository, "package.json"));
      const { optionalDependencies: pins } = JSON.parse(text ?? "{}") as {
        optionalDependencies?: Record<string, string>;
      };
      const platform = `${host.platform}-${host.arch}`;
      const pinned = Object.entries(pins ?? {}).find(([name]) => name.endsWith(platform))?.[1];
      return { running: host.nodeVersion, pinned, platform };
    },
    judge: judgeRuntime,
  });
}

export function judgeRuntime({ running, pinned, platform }: Runtime): Judgement {
  const mend = "npx --yes pnpm@12 repro doctor (pnpm brings the pinned Node)";
  if (Number(running.split(".")[0]) < LEAST_MAJOR)
    return broken(`Node ${running}; it has to be ${LEAST_MAJOR} or newer`, mend);
  if (pinned === undefined) return note(`Node ${running}; the project pins none for ${platform}`);
  if (running !== pinned) return note(`Node ${running}; the project pins ${pinned}`, mend);
  return ok(`Node ${running}, the one that the project pins`);
}
