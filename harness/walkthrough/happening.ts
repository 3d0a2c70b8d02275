import { clockTime } from "../timeline/clock-time.ts";
import type { Entry } from "../timeline/entry.ts";
import { sayProof } from "../report/say-proof.ts";
import { sayDuration } from "../timing/duration.ts";

/** Columns before the text of a happening: its time and what kind it is. */
export const HAPPENING_INDENT = 19;

/** One line for what is done and found while a step goes on; undefined for what is shown otherwise. */
export function happening(entry: Entry): string | undefined {
  const told = words(entry);
  return told === undefined
    ? undefined
    : `${clockTime(entry).padStart(7)}  ${told.label.padEnd(9)} ${told.text}`;
}

function words(entry: Entry): { readonly label: string; readonly text: string } | undefined {
  switch (entry.kind) {
    case "step":
      return { label: entry.verb, text: withOutcome(entry.subject, entry.outcome) };
    case "fault":
      return { label: entry.bit ? "proof" : "no bite", text: entry.seen };
    case "premise":
      return { label: entry.held ? "premise" : "slipped", text: withOutcome(entry.what, entry.seen) };
    case "claim":
      return { label: "claim", text: withOutcome(entry.what, entry.seen) };
    case "driven-on":
      return {
        label: "drive on",
        text: `${sayDuration(entry.forMs)} more: ${entry.healed ? "it has healed" : "nothing has changed"}`,
      };
    case "proof":
      return { label: "prove", text: sayProof(entry) };
    case "settled":
      return entry.problem === undefined ? undefined : { label: "settle", text: entry.problem };
    case "log":
    case "state":
    case "nodes":
    case "running-on":
    case "streams-read":
      return undefined;
  }
}

function withOutcome(text: string, outcome: string | undefined): string {
  return outcome === undefined || outcome === "" ? text : `${text}: ${outcome}`;
}
