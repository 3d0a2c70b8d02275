import type { ImageSource } from "../../engines/engine.ts";
import type { System } from "../system.ts";
import { expansoByHand } from "./by-hand.ts";
import { createCliControl } from "./cli-control.ts";
import { createExpansoLineReader } from "./line-reader.ts";
import { explainLoss } from "./loss-rules.ts";
import { edgeMachine, expansoMachines, NATS, ORCHESTRATOR } from "./machines.ts";
import { BROKER, PATTERNS } from "./patterns.ts";
import { SEQUENCES } from "./sequences.ts";
import { expansoSignals } from "./signals.ts";

/** What is known of every build: how it is started, driven and read. */
export const knowledge = {
  machines: expansoMachines,
  edgeMachine: (name: string) => edgeMachine(name),
  connect: createCliControl,
  patterns: [...Object.values(PATTERNS), ...Object.values(BROKER)],
  createLineReader: createExpansoLineReader,
  signals: expansoSignals,
  looksLeaveLinesOn: ORCHESTRATOR,
  cli: "expanso-cli",
  brokerMachine: NATS,
  sequences: SEQUENCES,
  explainLoss,
  byHand: expansoByHand,
} satisfies Partial<System>;

/** The names of docs/fixes.md, for a build that takes them. */
export const FIXES = ["none", "block", "redispatch", "pull", "resync", "supersede", "recommended"];

/** The broker is never part of a build. */
export const NATS_IMAGE: ImageSource = {
  key: "nats",
  tag: "expanso-nats:debug",
  dockerfile: "docker/nats.Dockerfile",
  base: "nats",
  bundles: {},
  files: { "nats.conf": "docker/nats.conf" },
};

/** Beside every orchestrator: how a lost message is delivered by hand (docs/proof.md). */
export const NATS_PUBLISH = { "nats-publish.mjs": "harness/tools/nats-publish.ts" };
