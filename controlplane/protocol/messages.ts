import { z } from "zod";
import { isNestedDeeperThan } from "./nesting.ts";

/** Of a name or a label: what comes in is stored, logged and sent on. */
export const shortText = z.string().max(255);
/** Of a reason or a message, for people; whoever writes a longer one cuts it. */
export const LONGEST_MESSAGE = 4_096;
export const messageText = z.string().max(LONGEST_MESSAGE);

/**
 * What travels over NATS, as JSON. Everything that comes in is checked here: whoever the
 * broker lets in may be broken all the same, or mean harm: a bad message must neither crash a process nor be half
 * understood.
 */
export const handshakeRequest = z.object({
  node_id: z.uuid(),
  name: shortText.min(1),
  hostname: shortText,
  os: shortText,
  arch: shortText,
  agent_version: shortText,
  labels: z.record(shortText, shortText),
});
export type HandshakeRequest = z.infer<typeof handshakeRequest>;

/** The orchestrator's answer: the timing that the edge must keep, or why it is refused. */
export const handshakeResponse = z.discriminatedUnion("accepted", [
  z.object({
    accepted: z.literal(true),
    heartbeat_ms: z.number().int().positive(),
    /** Recovery `pull`: the edge is to tell what it has. */
    tell_inventory: z.boolean().default(false),
    /** Recovery `resync`: how often a heartbeat is to carry the digest of what the edge runs; 0: never. */
    digest_every_ms: z.number().int().nonnegative().default(0),
  }),
  z.object({ accepted: z.literal(false), reason: messageText }),
]);
export type HandshakeResponse = z.infer<typeof handshakeResponse>;

export const heartbeatRequest = z.object({
  node_id: z.uuid(),
  /** See `digest.ts`. */
  digest: shortText.optional(),
});
export type HeartbeatRequest = z.infer<typeof heartbeatRequest>;

/**
 * `handshake_required`: the orchestrator does not take this node for connected, or has no data plane for it.
 * `tell_inventory`: the digest is not what the orchestrator believes.
 */
export const heartbeatResponse = z.object({
  handshake_required: z.boolean(),
  tell_inventory: z.boolean().default(false),
});
export type HeartbeatResponse = z.infer<typeof heartbeatResponse>;

/** Edges name files after it. */
const executionId = z.string().regex(/^[\w-]{1,100}$/, "not the id of an execution");

export const runExecutionRequest = z.object({
  kind: z.literal("run_execution"),
  execution_id: executionId,
  job_id: shortText.min(1),
  job_name: shortText.min(1),
  job_version: z.number().int().positive(),
  pipeline: z.unknown(),
});
export type RunExecutionRequest = z.infer<typeof runExecutionRequest>;

export const stopExecutionRequest = z.object({
  kind: z.literal("stop_execution"),
  execution_id: executionId,
  reason: messageText,
});
export type StopExecutionRequest = z.infer<typeof stopExecutionRequest>;

/** What an edge is told to do. */
export const edgeCommand = z.discriminatedUnion("kind", [runExecutionRequest, stopExecutionRequest]);
export type EdgeCommand = z.infer<typeof edgeCommand>;

const executionReport = z.object({
  execution_id: executionId,
  state: z.enum(["running", "completed", "failed", "stopped"]),
  message: messageText,
});

/** What an edge reports of one execution. */
export const statusReport = z.object({ node_id: z.uuid(), ...executionReport.shape });
export type StatusReport = z.infer<typeof statusReport>;

/** All that an edge knows of its executions; the answer is empty, and only says that it has arrived. */
export const inventory = z.object({
  node_id: z.uuid(),
  executions: z
    .array(executionReport)
    .refine(
      (all) => new Set(all.map((entry) => entry.execution_id)).size === all.length,
      "one is there twice",
    ),
});
export type Inventory = z.infer<typeof inventory>;

export type Decoded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** Reads what an edge says of itself; on the subject of another one nobody is believed. */
export function decodeFromEdge<T extends { readonly node_id: string }>(
  schema: z.ZodType<T>,
  { subject, payload }: { readonly subject: string; readonly payload: string },
): Decoded<T> {
  const read = decode(schema, payload);
  if (!read.ok || subject.endsWith(`.${read.value.node_id}`)) return read;
  return { ok: false, problem: `node_id: ${read.value.node_id} is not whose subject ${subject} is` };
}

/** Reads a payload as one of the messages above; tells the place of what does not fit. */
export function decode<T>(schema: z.ZodType<T>, payload: string): Decoded<T> {
  let json: unknown;
  try {
    json = JSON.parse(payload);
  } catch {
    return { ok: false, problem: "not JSON" };
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) return { ok: false, problem: describe(parsed.error.issues) };
  // Whoever writes it down again does so level by level, and has an end of its stack.
  return isNestedDeeperThan(parsed.data, DEEPEST)
    ? { ok: false, problem: `message: nested deeper than ${DEEPEST} levels` }
    : { ok: true, value: parsed.data };
}

const DEEPEST = 100;
const MOST_TOLD = 5;

/** Goes into a log line, and back to the sender: it must not grow with what was sent. */
function describe(issues: readonly z.core.$ZodIssue[]): string {
  const told = issues
    .slice(0, MOST_TOLD)
    .map(({ path, message }) => `${cut(path.join("."), 100) || "message"}: ${cut(message, 200)}`);
  const more = issues.length - told.length;
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
