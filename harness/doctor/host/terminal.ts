import { question, type Examination } from "../examination.ts";
import { note, ok, type Judgement } from "../finding.ts";
import type { Host } from "../host.ts";

/** What `script --version` says, undefined if there is none. */
export type ScriptProgram = string | undefined;

export function terminal(host: Host): Examination<{ readonly says: ScriptProgram }> {
  return question({
    id: "terminal",
    asks: "Can the tests make a terminal?",
    why: "The walkthrough is tested in real terminals, which util-linux's `script` makes; without it these tests are skipped. No run needs it.",
    mend: INSTALL,
    isOptional: true,
    ask: async (signal) => ({ says: await host.run("script", ["--version"], signal) }),
    judge: judgeTerminal,
  });
}

const INSTALL = "apt-get install bsdutils (macOS has another `script`: those tests run on Linux)";

export function judgeTerminal({ says }: { readonly says: ScriptProgram }): Judgement {
  return says?.includes("util-linux") === true ? ok(says) : note("no `script` of util-linux", INSTALL);
}
