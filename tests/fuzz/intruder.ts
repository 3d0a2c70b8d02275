import { decode, handshakeResponse } from "../../controlplane/protocol/messages.ts";
import {
  HANDSHAKE_SUBJECT,
  HEARTBEAT_SUBJECT,
  INVENTORY_SUBJECT,
} from "../../controlplane/protocol/subjects.ts";

/** What edges ask the orchestrator, and an intruder may answer. */
export const ORCHESTRATOR_ANSWERS: readonly string[] = [
  HANDSHAKE_SUBJECT,
  HEARTBEAT_SUBJECT,
  INVENTORY_SUBJECT,
];

/** A pace that an intruder gave an edge would outlive the intruder. */
export function isLasting(answer: string): boolean {
  const read = decode(handshakeResponse, answer);
  return read.ok && read.value.accepted && read.value.heartbeat_ms !== 1_000;
}
