import type { ByHand, LookOut, NamedWait } from "../../systems/system.ts";
import type { Act, Entry } from "../../timeline/entry.ts";
import { foundIn, type Found } from "./found.ts";
import { quote, say, withInput } from "./shell.ts";
import type { Step } from "./steps.ts";

export interface Commands {
  /** What a reader may not know of it; empty if nothing. */
  readonly note: string;
  readonly lines: readonly string[];
}

export interface CommandTerms {
  readonly byHand: ByHand;
  readonly timeline: readonly Entry[];
  /** The text of a job file, by its name. */
  readonly jobFile: (name: string) => string;
  readonly orchestrator: string;
  readonly broker: string;
  /** How long a wait may take unless it says otherwise, in seconds. */
  readonly limitS: number;
}

/** The same by hand, in bash. */
export function commandsFor(step: Step, terms: CommandTerms): Commands {
  return step.act.do === "wait" ? waiting(step, step.act, terms) : deed(step.act, terms);
}

/** Looks out for something, for as long as anything may take. */
export function lookOut({ on, line, check }: LookOut): string {
  return `sees ${on} ${quote(line)}${check === undefined ? "" : ` ${check}`}`;
}

/** Sets what is compared with what is seen. */
export function foundLines({ lines, edges }: Found): string[] {
  return [`edges="${edges.join(" ")}"`, ...withInput("found=$(sort", lines.join("\n")), ")"];
}

function waiting(
  { entry }: Step,
  { for: waits, withinMs }: Extract<Act, { do: "wait" }>,
  { byHand, timeline, limitS }: CommandTerms,
): Commands {
  const isPremise = entry.kind === "premise";
  if (isPremise && !entry.held) return { note: `The run found it not so: ${entry.seen}`, lines: [] };
  const neededS = Math.ceil(withinMs / 1_000);
  const limit = neededS > limitS ? `LIMIT=${neededS} ` : "";
  const lines = waits.flatMap((wait) => {
    if (wait.is === "as-seen") {
      const before = timeline.slice(0, timeline.indexOf(entry));
      const found = foundIn(before, { ...wait, stuck: [], sinceMs: entry.atMs });
      if (found.lines.length === 0) return ["# The run knew it by what no command shows: see for yourself."];
      return [...foundLines(found), limit + lookOut({ ...byHand.anyChange, check: "same" })];
    }
    return byHand
      .lookOut(wait)
      .map((look) =>
        isPremise && look.check !== undefined
          ? `${look.check} || give_up ${say(`not so: ${entry.what}`)}`
          : limit + lookOut(look),
      );
  });
  return { note: "", lines };
}

function deed(act: Exclude<Act, { readonly do: "wait" }>, terms: CommandTerms): Commands {
  switch (act.do) {
    case "deploy":
      return {
        note: act.force ? "though nothing has changed" : "",
        lines: withInput(terms.byHand.deploy(act), terms.jobFile(act.file)),
      };
    case "stop-job":
      return { note: "", lines: [terms.byHand.stopJob(act.job)] };
    case "start":
    case "join":
      return { note: "", lines: [`start ${act.machines.join(" ")}`, ...returns(act.machines, terms)] };
    case "recreate":
      return { note: DISKS[act.identity], lines: [...recreate(act), ...returns(act.machines, terms)] };
    case "kill":
      return {
        note: "SIGKILL, and gone; a volume stays",
        lines: [`docker rm --force ${named(act.machines)}`],
      };
    case "restart":
      return {
        note: "",
        lines: [`docker restart ${named(act.machines)}`, ...returns(act.machines, terms)],
      };
    case "pause":
      return {
        note: "nothing of it is lost, nothing of it answers",
        lines: [`docker pause ${named(act.machines)}`],
      };
    case "resume":
      return { note: "", lines: [`docker unpause ${named(act.machines)}`] };
    case "cut":
      return {
        note: "its processes and connections stay, nothing gets through",
        lines: act.machines.map((name) => `docker network disconnect "$RUN" ${named([name])}`),
      };
    case "pass":
      return { note: "how long is what this is about", lines: [`sleep ${act.ms / 1_000}`] };
    case "heal":
      return {
        note: "under the address that it had, so that its connections go on",
        lines: act.machines.map(
          (name) =>
            `docker network connect --ip "$(address ${name})" --alias ${name} "$RUN" ${named([name])}`,
        ),
      };
  }
}

const DISKS = {
  kept: "new containers, on the volumes that are there",
  new: "new containers, on new volumes",
  wiped: "new containers, on volumes that are empty but for the identity",
} as const;

function recreate({ machines, identity }: Extract<Act, { do: "recreate" }>): string[] {
  return [
    ...(identity === "new" ? [`docker volume rm ${named(machines)}`] : []),
    ...(identity === "wiped" ? [`wipe ${machines.join(" ")}`] : []),
    `start ${machines.join(" ")}`,
  ];
}

/** A machine that was started is back when the system says so. */
function returns(machines: readonly string[], at: CommandTerms): string[] {
  const edges = machines.filter((name) => name !== at.broker && name !== at.orchestrator);
  const hasOrchestrator = machines.includes(at.orchestrator);
  const waits: NamedWait[] = [
    ...(hasOrchestrator ? [{ is: "serving" } as const] : []),
    ...(machines.includes(at.broker) && !hasOrchestrator ? [{ is: "broker-back" } as const] : []),
    ...(edges.length > 0 ? [{ is: "handshake", edges } as const] : []),
  ];
  return waits.flatMap((wait) => at.byHand.lookOut(wait)).map(lookOut);
}

function named(machines: readonly string[]): string {
  return machines.map((name) => `"$RUN-${name}"`).join(" ");
}
