import { list } from "../../text/list.ts";
import { clockTime } from "../../timeline/clock-time.ts";
import type { Entry } from "../../timeline/entry.ts";
import type { LossQuestion, Witness } from "../system.ts";
import type { Line } from "./evidence.ts";
import type { Story } from "./execution-story.ts";

/** What the API says of the executions, and each edge of its own, where it was asked. */
export function stateWitness(stories: readonly Story[], { timeline, seen }: LossQuestion): Witness {
  const connections = new Map(seen.nodes.map((node) => [node.id, `${node.name} ${node.connection}`]));
  const told = stories.map(({ execution: e, ...story }) => {
    const where = connections.get(e.nodeId) ?? "?";
    return `${shortId(e.id)} ${e.observed}, desired ${e.desired}, on ${where}${ownWord(story)}`;
  });
  return {
    source: "state",
    at: timeline.findLast((entry) => entry.kind === "state")?.atMs ?? 0,
    text: `execution list: ${list(told, "; ")}`,
  };
}

function ownWord({ trouble, node }: Pick<Story, "trouble" | "node">): string {
  if (trouble === "zombie") return `, and ${node} says that it runs`;
  return trouble === "phantom" ? `, and ${node} says that it does not run` : "";
}

export function fromLine(source: Witness["source"], entry: Line | undefined, what: string): Witness {
  return { source, at: entry?.atMs ?? 0, text: `${clockTime(entry)} ${what}`, line: entry?.text ?? "" };
}

/** A line of the broker's record, if there is one. */
export function brokerOn(line: Line | undefined, what: string): Witness[] {
  return line === undefined ? [] : [fromLine("broker", line, what)];
}

/** Of a request that was not handed over, the broker has nothing. */
export function brokerSilence(
  s: Story,
  diedAt: Entry | undefined,
  when: "ever" | "since" = "ever",
): Witness[] {
  if (!s.isBrokerRecorded) return [];
  const what = s.request.kind === "stop" ? `stop of ${shortId(s.execution.id)}` : shortId(s.execution.id);
  return [
    {
      source: "broker",
      at: diedAt?.atMs ?? 0,
      text: `no PUB of ${what} was ${when === "ever" ? "ever taken in" : "taken in since"}`,
    },
  ];
}

export function shortId(id: string): string {
  return id.slice(0, 10);
}
