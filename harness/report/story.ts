import chalk from "chalk";
import type { LogPattern } from "../logs/pattern.ts";
import { sayDuration } from "../timing/duration.ts";
import { clockTime } from "../timeline/clock-time.ts";
import type { Entry, EntryOf } from "../timeline/entry.ts";

import { sayDelivered, sayHealed } from "./say-proof.ts";

/** Wide enough for the messages that the seeds grep for; a longer outcome goes on a line of its own. */
const TEXT_WIDTH = 54;
const LINE_WIDTH = 104;
const INDENT = " ".repeat(19);

/** Tells a run as it happens: steps, faults, the log lines that matter; one line each. */
export function createStory(
  patterns: readonly LogPattern[],
  options: { readonly verbose: boolean; readonly write: (line: string) => void },
): (entry: Entry) => void {
  const byName = new Map(patterns.map((pattern) => [pattern.name, pattern]));
  const tell = (entry: Entry, label: string, text: string, outcome = "") => {
    const padded = text.padEnd(TEXT_WIDTH);
    const fits = padded.length + outcome.length <= LINE_WIDTH;
    const beside = outcome !== "" && fits ? `${padded}  ${chalk.dim(outcome)}` : text;
    options.write(`${clockTime(entry).padStart(7)}  ${label.padEnd(9)} ${beside}`);
    if (outcome !== "" && !fits) options.write(`${INDENT}${chalk.dim(outcome)}`);
  };
  return (entry) => {
    switch (entry.kind) {
      case "step":
        return tell(entry, chalk.bold(entry.verb.padEnd(9)), entry.subject, entry.outcome);
      case "fault":
        return tell(entry, entry.bit ? "proof    " : chalk.red("no bite  "), chalk.dim(entry.seen));
      case "premise":
        return tell(entry, entry.held ? "premise" : chalk.red("premise  "), entry.what, entry.seen);
      case "log":
        return tellLog(entry);
      case "claim":
        return tell(
          entry,
          entry.held ? chalk.green("claim    ") : chalk.yellow("claim    "),
          entry.what,
          entry.seen,
        );
      case "settled":
        if (entry.problem !== undefined) tell(entry, chalk.yellow("settle   "), entry.problem);
        return;
      case "proof":
        return tell(entry, "prove", sayDelivered(entry), sayHealed(entry));
      case "driven-on":
        return tell(
          entry,
          "drive on",
          `${sayDuration(entry.forMs)} more: ${entry.healed ? "it has healed" : "nothing has changed"}`,
          entry.seen,
        );
      case "state":
      case "nodes":
      case "running-on":
      case "streams-read":
        return;
    }
  };

  function tellLog(entry: EntryOf<"log">): void {
    const pattern = byName.get(entry.pattern);
    if (pattern === undefined || !(pattern.tell || options.verbose)) return;
    const label = pattern.source === "nats" ? chalk.magenta("nats     ") : chalk.cyan("log      ");
    tell(entry, label, messageOf(entry), subjectOf(entry));
    if (options.verbose) options.write(`${INDENT}${chalk.dim(pattern.means)}`);
  }
}

/** The message without time, level and fields. */
export function messageOf(entry: Pick<EntryOf<"log">, "machine" | "fields" | "text">): string {
  const broker = /- (?<act><<-|->>|Client).*$/.exec(entry.text);
  if (broker !== null && entry.machine === "nats") return entry.text.slice(broker.index + 2).slice(0, 100);
  const known = /^\S+\s+[A-Z]+\s+(?<rest>.*)$/.exec(entry.text)?.groups?.["rest"] ?? entry.text;
  const fields = Object.keys(entry.fields).filter((key) => !MESSAGE_FIELDS.has(key));
  const starts = fields.map((key) => known.indexOf(` ${key}=`)).filter((index) => index > 0);
  return known.slice(0, starts.length > 0 ? Math.min(...starts) : undefined);
}

/** These stand inside the message that the seeds grep for. */
const MESSAGE_FIELDS = new Set([
  "connection_exists",
  "connection_alive",
  "unscheduled_count",
  "is_wave_conclusive",
]);

function subjectOf(entry: EntryOf<"log">): string {
  const { node_name: node, job, execution_id: execution } = entry.fields;
  const what = [execution?.slice(0, 10), job].filter((part) => part !== undefined).join(" of ");
  const where = node ?? (entry.machine.startsWith("edge") ? entry.machine : undefined);
  return [what, where].filter((part) => part !== undefined && part !== "").join(" on ");
}
