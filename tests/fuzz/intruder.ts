import { decode, handshakeResponse } from "../../controlplane/protocol/messages.ts";
import { subjectFromAll } from "../../controlplane/protocol/subjects.ts";

/** What edges ask the orchestrator, and an intruder may answer. */
export const ORCHESTRATOR_ANSWERS: readonly string[] = [
  subjectFromAll("handshake"),
  subjectFromAll("heartbeat"),
  subjectFromAll("inventory"),
];

/** Whether it was asked on one of these, by whichever edge. */
export function isForOrchestrator(subject: string): boolean {
  return ORCHESTRATOR_ANSWERS.includes(`${subject.slice(0, subject.lastIndexOf("."))}.*`);
}

/** A pace that an intruder gave an edge would outlive the intruder. */
export function isLasting(answer: string): boolean {
  const read = decode(handshakeResponse, answer);
  return read.ok && read.value.accepted && read.value.heartbeat_ms !== 1_000;
}
