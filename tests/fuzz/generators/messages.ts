import fc from "fast-check";
import { subjectTo } from "../../../controlplane/protocol/subjects.ts";
import { aConfig } from "./job-specs.ts";
import { jsonLike, orLarge, type Json } from "./json-text.ts";

/** Something that comes over NATS from somebody who should not be there. */
export type Intrusion =
  /** `asks`: as a request, so that it is answered. */
  | { readonly do: "send"; readonly subject: string; readonly payload: string; readonly asks: boolean }
  /** What was really sent before, once more; counted from the newest. */
  | { readonly do: "replay"; readonly back: number; readonly times: number }
  /** The next question of an edge is answered before the orchestrator can. */
  | { readonly do: "answer"; readonly payload: string };

const nodeId = fc.oneof(
  { weight: 3, arbitrary: fc.nat(1).map((number) => `{{node ${number}}}`) },
  { weight: 2, arbitrary: fc.nat(4).map((number) => `{{phantom ${number}}}`) },
);
const phantomId = fc.nat(4).map((number) => `{{phantom ${number}}}`);
const executionId = fc.nat(12).map((number) => `{{execution ${number}}}`);
const state = fc.constantFrom("running", "completed", "failed", "stopped", "pending", "cancelled", "asleep");
const message = orLarge(fc.constantFrom("", "as reported", "\n\n", "x".repeat(500)));

const report = fc.record({ execution_id: executionId, state, message });
const statusReport = fc.oneof(
  fc.record({ node_id: nodeId, execution_id: executionId, state, message }),
  // Each job has its executions on the nodes in order: this is the node's own.
  fc.record({ number: fc.nat(8), state, message }).map(({ number, ...told }) => ({
    node_id: `{{node ${number}}}`,
    execution_id: `{{execution ${number}}}`,
    ...told,
  })),
);
const inventory = fc.record({ node_id: nodeId, executions: fc.array(report, { maxLength: 5 }) });
const heartbeat = fc.record(
  { node_id: nodeId, digest: fc.constantFrom("0-811c9dc5", "", "wrong") },
  { requiredKeys: ["node_id"] },
);
const handshake = fc.record({
  node_id: phantomId,
  name: fc.nat(3).map((number) => `phantom-${number}`),
  hostname: fc.constant("nowhere"),
  os: fc.constantFrom("linux", "plan9"),
  arch: fc.constant("x64"),
  agent_version: fc.constantFrom("0.1.0", "99.0.0", ""),
  labels: orLarge(fc.constantFrom<Json[]>({}, { edge: "edge1" }, { "": "" })),
});
const newExecutionId = fc.oneof(
  executionId,
  fc.nat(30).map((number) => `e-00000000-0000-4000-8000-0000000000${10 + number}`),
);
const runRequest = fc.record({
  kind: fc.constant("run_execution"),
  execution_id: newExecutionId,
  job_id: fc.constantFrom("{{job 0}}", "j-1"),
  job_name: fc.constant("intruder"),
  job_version: fc.constantFrom(1, 7),
  pipeline: orLarge(aConfig),
});
const stopRequest = fc.record({
  kind: fc.constant("stop_execution"),
  execution_id: newExecutionId,
  reason: message,
});

const to = (subject: fc.Arbitrary<string>, meant: fc.Arbitrary<unknown>): fc.Arbitrary<Intrusion> =>
  fc.record({
    do: fc.constant("send"),
    subject,
    payload: jsonLike(meant as fc.Arbitrary<Json>),
    asks: fc.boolean(),
  });

/** As from the edge that it says it is from. */
const from = (
  matter: Parameters<typeof subjectTo>[0],
  meant: fc.Arbitrary<{ readonly node_id: string }>,
): fc.Arbitrary<Intrusion> =>
  meant.chain((message) => to(fc.constant(subjectTo(matter, message.node_id)), fc.constant(message)));

/** Each subject with what belongs to it, and all with what belongs to another. */
const subjectOfEdge = nodeId.map((id) => `expanso.node.${id}.in`);
const anySubject = fc.oneof(
  fc
    .tuple(fc.constantFrom("handshake", "heartbeat", "status", "inventory"), nodeId)
    .map(([matter, id]) => subjectTo(matter, id)),
  subjectOfEdge,
);
const anyMessage = fc.oneof(statusReport, inventory, heartbeat, handshake, runRequest, stopRequest);

const handshakeAnswer = fc.oneof(
  fc.record({
    accepted: fc.constant(true),
    heartbeat_ms: fc.constant(1_000),
    tell_inventory: fc.boolean(),
    digest_every_ms: fc.constantFrom(0, 1_300),
  }),
  fc.record({ accepted: fc.constant(false), reason: message }),
);
const heartbeatAnswer = fc.record({ handshake_required: fc.boolean(), tell_inventory: fc.boolean() });

/** Messages on every subject that the orchestrator and the edges listen to. */
export const intrusion: fc.Arbitrary<Intrusion> = fc.oneof(
  { weight: 5, arbitrary: from("status", statusReport) },
  { weight: 6, arbitrary: from("inventory", inventory) },
  { weight: 4, arbitrary: to(subjectOfEdge, fc.oneof(runRequest, stopRequest)) },
  { weight: 3, arbitrary: from("handshake", handshake) },
  { weight: 2, arbitrary: from("heartbeat", heartbeat) },
  { weight: 1, arbitrary: to(anySubject, anyMessage) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("replay"),
      back: fc.nat(60),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("answer"),
      payload: jsonLike(fc.oneof(handshakeAnswer, heartbeatAnswer) as fc.Arbitrary<Json>),
    }),
  },
);
