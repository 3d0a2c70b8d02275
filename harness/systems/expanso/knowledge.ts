import type { ImageSource, Stack } from "../../engines/engine.ts";
import type { Capability, System } from "../system.ts";
import { expansoByHand } from "./by-hand.ts";
import { createCliControl } from "./cli-control.ts";
import { conceal } from "./conceal.ts";
import { createExpansoLineReader } from "./line-reader.ts";
import { explainLoss } from "./loss-rules.ts";
import { edgeMachine, expansoMachines, NATS, ORCHESTRATOR } from "./machines.ts";
import { makeSecrets } from "./own-program.ts";
import { BROKER, PATTERNS } from "./patterns.ts";
import { SEQUENCES } from "./sequences.ts";
import { expansoSignals } from "./signals.ts";

/** What is known of every build: how it is started, driven and read. */
export const knowledge = {
  secrets: makeSecrets,
  machines: expansoMachines,
  edgeMachine: (name: string) => edgeMachine(name),
  connect: (stack: Stack) => createCliControl(stack),
  patterns: [...Object.values(PATTERNS), ...Object.values(BROKER)],
  createLineReader: createExpansoLineReader,
  conceal,
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

/** What any build can do in a stack of the harness's own, whose broker is the harness's own, too. */
export const OWN_STACK: readonly Capability[] = [
  "broker-record",
  "broker-machine",
  "edge-labels",
  "kept-identity",
  "orchestrator-machine",
];

/** The broker is never part of a build. */
export const NATS_IMAGE: ImageSource = {
  key: "nats",
  tag: "expanso-nats:debug",
  dockerfile: "docker/nats.Dockerfile",
  base: "nats",
  bundles: {},
  files: { "nats.conf": "docker/nats.conf", "auth.conf": "docker/auth.conf" },
};

/** Beside every orchestrator: how a lost message is delivered by hand (docs/proof.md), and what makes a stack's keys. */
export const TOOLS = {
  "nats-publish.mjs": "harness/tools/nats-publish.ts",
  "new-cluster.mjs": "controlplane/bin/new-cluster.ts",
};
