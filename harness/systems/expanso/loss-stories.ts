import { aNode, aView } from "../../test-kit/a-view.ts";
import type { ExecutionSeen } from "../../vocabulary.ts";
import type { LossFinding } from "../system.ts";
import { explainLoss } from "./loss-rules.ts";
import {
  attempted,
  changedTo,
  closed,
  connected,
  dataPlaneReady,
  delivered,
  listened,
  nodeId,
  noticedGone,
  pendingExecution,
  type Printed,
  published,
  received,
  recordOf,
  refused,
  reportDelivered,
  reportTaken,
  resumed,
  rolloutChecked,
  type Sent,
  shookHands,
  started,
  takenIn,
  type Word,
} from "./test-kit.ts";

/** What a run of one loss leaves behind, by hand: the lines, and what orchestrator and edges say at the end. */
export interface LossStory {
  readonly lines: readonly Printed[];
  readonly stuck: readonly ExecutionSeen[];
  readonly words: readonly Word[];
}

export const OLD: Sent = { job: "test-heartbeat", edge: "edge1" };
export const STOP: Sent = { ...OLD, command: "stop_execution" };
export const NEW: Sent = { job: "new-test-job", edge: "edge1" };
/** The id under which edge1 returns without its disk and its identity. */
export const NEW_ID = "new-id-of-edge1";

/** A cluster on which one job runs: what every one of these stories begins with. */
export const BEGINNING: readonly Printed[] = [
  connected(900, "expanso-edge edge1", 5),
  listened(901, "edge1", 5),
  connected(944, "expanso-orchestrator", 6),
  started(949),
  shookHands(1_182, "edge1"),
  dataPlaneReady(1_434, "edge1"),
  rolloutChecked(1_813, "test-heartbeat", { place: 1, trigger: "job-create" }),
  attempted(1_814, OLD),
  published(1_814, OLD),
  ...takenIn(1_815, OLD),
  delivered(1_816, "edge1"),
  received(1_823, OLD),
  changedTo(1_823, OLD, "running"),
  ...reportTaken(1_824, OLD, "running", 5),
  reportDelivered(1_824),
];

/** edge1 is killed, and returns under its id. */
export const RETURN: readonly Printed[] = [
  closed(2_100, "expanso-edge edge1", 5),
  connected(3_219, "expanso-edge edge1", 7),
  listened(3_220, "edge1", 7),
  shookHands(3_237, "edge1", "connected"),
];

const WAITING = { stuck: [pendingExecution(NEW)], words: [] };

export const L1: LossStory = {
  lines: [
    ...BEGINNING,
    ...RETURN,
    rolloutChecked(2_373, "new-test-job", { place: 1, trigger: "job-create" }),
    attempted(2_374, NEW),
    published(2_374, NEW),
    ...takenIn(2_375, NEW),
    rolloutChecked(4_239, "new-test-job"),
  ],
  ...WAITING,
};

export const L2: LossStory = {
  lines: [
    ...BEGINNING,
    closed(2_100, "expanso-edge edge1", 5),
    noticedGone(5_000, "edge1"),
    rolloutChecked(5_499, "new-test-job", { place: 1, trigger: "job-create" }),
    attempted(5_500, NEW),
    ...refused(5_500, NEW),
    connected(5_800, "expanso-edge edge1", 7),
    shookHands(5_850, "edge1"),
    dataPlaneReady(6_100, "edge1"),
    rolloutChecked(6_850, "new-test-job"),
  ],
  ...WAITING,
};

export const L3: LossStory = {
  lines: [
    connected(944, "expanso-orchestrator", 6),
    started(949),
    rolloutChecked(1_500, "new-test-job", { trigger: "job-create" }),
    connected(2_000, "expanso-edge edge1", 7),
    shookHands(2_050, "edge1"),
    rolloutChecked(2_199, "new-test-job", { place: 1 }),
    attempted(2_200, NEW),
    ...refused(2_200, NEW),
    dataPlaneReady(2_300, "edge1"),
    rolloutChecked(3_050, "new-test-job"),
  ],
  ...WAITING,
};

export const L4: LossStory = {
  lines: [
    ...BEGINNING,
    rolloutChecked(2_373, "new-test-job", { place: 1, trigger: "job-create" }),
    started(4_000),
    shookHands(4_200, "edge1", "connected"),
    dataPlaneReady(4_450, "edge1"),
    rolloutChecked(5_200, "new-test-job"),
  ],
  ...WAITING,
};

/** The job comes to its end while the orchestrator is away. */
export const L5: LossStory = {
  lines: [
    ...BEGINNING,
    changedTo(3_000, OLD, "completed"),
    ...reportTaken(3_001, OLD, "completed", 5),
    started(4_000),
    shookHands(4_100, "edge1", "connected"),
  ],
  stuck: [pendingExecution(OLD, { observed: "running" })],
  words: [],
};

/** The job is stopped while edge1 is away and not missed yet. */
export const L6: LossStory = {
  lines: [
    ...BEGINNING,
    ...RETURN,
    attempted(2_374, STOP),
    published(2_374, STOP),
    ...takenIn(2_375, STOP),
    resumed(3_221, OLD),
  ],
  stuck: [pendingExecution(OLD, { observed: "running", desired: "stopped" })],
  words: [{ edge: "edge1", runs: [OLD] }],
};

/** edge1 returns under its id without its data. */
export const L7: LossStory = {
  lines: [...BEGINNING, ...RETURN, rolloutChecked(4_239, "test-heartbeat")],
  stuck: [pendingExecution(OLD, { observed: "running" })],
  words: [{ edge: "edge1", runs: [] }],
};

/** edge1 returns under another id, and what was given to the old one is not done with. */
export const L8: LossStory = {
  lines: [
    ...BEGINNING,
    closed(2_100, "expanso-edge edge1", 5),
    connected(3_219, "expanso-edge edge1", 7),
    listened(3_220, "edge1", 7, NEW_ID),
    shookHands(3_237, "edge1", "disconnected", NEW_ID),
    attempted(4_000, STOP),
    published(4_000, STOP),
    ...takenIn(4_001, STOP),
  ],
  stuck: [pendingExecution(OLD, { observed: "running", desired: "stopped" })],
  words: [{ edge: "edge1", runs: [] }],
};

export function explain({ lines, stuck, words }: LossStory): LossFinding | undefined {
  return explainLoss({
    timeline: recordOf(lines, stuck, words),
    stuck,
    seen: aView({ nodes: [aNode({ id: nodeId("edge1") })] }),
  });
}

/** The same story with more lines. */
export function and(story: LossStory, ...lines: readonly Printed[]): LossStory {
  return { ...story, lines: [...story.lines, ...lines] };
}

/** The same story with some lines left out; each must have been there. */
export function but(story: LossStory, ...left: readonly Printed[]): LossStory {
  return { ...story, lines: without(story.lines, left) };
}

export function without(lines: readonly Printed[], left: readonly Printed[]): readonly Printed[] {
  const texts = new Set(left.map((line) => line.text));
  const rest = lines.filter((line) => !texts.has(line.text));
  if (lines.length !== rest.length + left.length)
    throw new Error("a line that is to be left out is not there");
  return rest;
}
