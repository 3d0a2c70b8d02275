import type { LossId } from "../../vocabulary.ts";
import type { Remedy } from "../system.ts";
import type { Line } from "./evidence.ts";
import type { Story } from "./execution-story.ts";
import { shortId } from "./loss-witnesses.ts";

/**
 * What would have to be done by hand so that nothing of what was lost is lost any more: the very message,
 * where the broker has recorded it, or else the request that should have been sent.
 */
export function remediesFor(loss: LossId, stories: readonly Story[]): readonly Remedy[] {
  const remedies = stories.flatMap((story) => remedyFor(loss, story) ?? []);
  // Two executions may be with one ghost.
  return [...new Map(remedies.map((remedy) => [keyOf(remedy), remedy])).values()];
}

function remedyFor(loss: LossId, { execution, node, request, report }: Story): Remedy | undefined {
  const id = shortId(execution.id);
  const { nodeId } = execution;
  if (loss === "L8")
    return { do: "retire", nodeId, what: `the removal of ${nodeId.slice(0, 8)}, the ghost of ${node}` };
  if (loss === "L5") {
    const state = report?.changed.fields["to"] ?? "?";
    return recorded(report?.taken, `the report that ${id} on ${node} is \`${state}\``);
  }
  const what = `the ${request.kind} request of ${id} to ${node}`;
  return recorded(request.taken, what) ?? { do: "request", command: request.kind, execution, what };
}

function keyOf(remedy: Remedy): string {
  return remedy.do === "retire" ? remedy.nodeId : remedy.what;
}

/** As the broker recorded it, to the byte. */
function recorded(pub: Line | undefined, what: string): Remedy | undefined {
  const { subject, payload } = pub?.fields ?? {};
  return subject === undefined || payload === undefined
    ? undefined
    : { do: "publish", subject, payload, what };
}
