import { expect, it } from "vitest";
import { logPattern } from "../logs/pattern.ts";
import { aLog, aTimeline } from "../test-kit/a-timeline.ts";
import { logDigest, logInFull } from "./log-lines.ts";

const TIME = "2026-01-01T00:00:01.203Z INFO ";
const PATTERNS = [
  logPattern({
    name: "dispatch-attempt",
    source: "orchestrator",
    match: /./,
    means: "It is sent.",
    tell: true,
  }),
  logPattern({ name: "request-received", source: "edge", match: /./, means: "It is there.", tell: true }),
  logPattern({ name: "batch-queued", source: "orchestrator", match: /./, means: "A join waits." }),
];
const LINES = aTimeline([
  aLog("dispatch-attempt", {
    atMs: 1_203,
    text: `${TIME} DISPATCH: Attempting to send message job=one node_name=edge1`,
    fields: { job: "one", node_name: "edge1" },
  }),
  aLog("batch-queued", { atMs: 1_250, text: `${TIME} REEVALUATOR: queuing for batch` }),
  aLog("dispatch-attempt", {
    atMs: 1_290,
    text: `${TIME} DISPATCH: Attempting to send message job=one node_name=edge2`,
    fields: { job: "one", node_name: "edge2" },
  }),
  aLog("request-received", {
    atMs: 1_300,
    machine: "edge1",
    text: `${TIME} EDGE: Received RunExecutionRequest execution_id=e-1 job=one`,
    fields: { job: "one", execution_id: "e-1" },
  }),
]);

it("tells each message that matters once, what it was about, and what it means", () => {
  expect(logDigest(LINES, PATTERNS)).toEqual([
    "   1.2s  DISPATCH: Attempting to send message",
    "         one on edge1, one on edge2",
    "         It is sent.",
    "   1.3s  EDGE: Received RunExecutionRequest",
    "         one on edge1",
    "         It is there.",
  ]);
});

it("has every line as it was printed, for whoever inspects", () => {
  const lines = logInFull(LINES, PATTERNS);
  expect(lines).toHaveLength(8);
  expect(lines.slice(2, 4)).toEqual([
    `  orchestrator: ${TIME} REEVALUATOR: queuing for batch`,
    "    A join waits.",
  ]);
});
