import { EnvironmentError } from "../../../errors.ts";
import type { Candidate, Candidates } from "./candidates.ts";
import { describeEndpoint } from "./endpoint.ts";

/** What came of asking one candidate. */
export type Answer =
  | { readonly is: "engine"; readonly version: string; readonly os: string }
  /** Nothing there: no socket file. */
  | { readonly is: "absent" }
  /** A socket file or a port, and nobody who listens. */
  | { readonly is: "refused" }
  | { readonly is: "denied"; readonly seen: string }
  | { readonly is: "broken"; readonly seen: string };

export interface Asked {
  readonly candidate: Candidate;
  readonly answer: Answer;
}

export type Decision =
  | { readonly kind: "found"; readonly candidate: Candidate; readonly version: string }
  | { readonly kind: "none"; readonly looked: readonly Looked[] };

export interface Looked {
  readonly where: string;
  readonly seen: string;
}

/**
 * What the answers mean. No engine is only "none" where nobody ever set one up: one that is configured and silent, or
 * that may not be opened, is the user's to mend, never a reason to simulate without a word.
 * @throws EnvironmentError for those.
 */
export function decide(among: Candidates["kind"], asked: readonly Asked[]): Decision {
  const found = asked.find(({ answer }) => answer.is === "engine");
  if (found?.answer.is === "engine") {
    if (found.answer.os !== "linux") throw notLinux(found.candidate, found.answer.os);
    return { kind: "found", candidate: found.candidate, version: found.answer.version };
  }
  const first = asked.find(({ answer }) => among === "configured" || mustBeMended(answer));
  if (first !== undefined) throw unanswered(first);
  return {
    kind: "none",
    looked: asked.map(({ candidate, answer }) => ({ where: candidate.from, seen: see(answer) })),
  };
}

/**
 * A usual socket that nobody listens on was left by an engine that is gone, so no engine is set up here; one that
 * refuses us, or takes the call and never answers, has one behind it.
 */
function mustBeMended(answer: Answer): boolean {
  return answer.is === "denied" || answer.is === "broken";
}

function see(answer: Answer): string {
  if (answer.is === "engine") return `Docker ${answer.version}`;
  if (answer.is === "absent") return "no such socket";
  if (answer.is === "refused") return "nobody listens there";
  return answer.seen;
}

function unanswered({ candidate, answer }: Asked): EnvironmentError {
  const where = describeEndpoint(candidate.endpoint);
  return new EnvironmentError({
    wanted: `the engine at ${where}${candidate.from === where ? "" : `, from ${candidate.from}`}`,
    seen: see(answer),
    mend: mendFor(candidate, answer),
  });
}

function mendFor({ endpoint, from }: Candidate, answer: Answer): string {
  if (answer.is === "denied") {
    return endpoint.kind === "socket"
      ? "sudo usermod -aG docker $USER, then log in again (or for this shell only: newgrp docker)"
      : "check the certificates or keys that it asks for";
  }
  if (from === "DOCKER_HOST")
    return "start that engine, or look where engines usually are: unset DOCKER_HOST";
  if (from.includes("context")) return "start that engine, or choose another: docker context use NAME";
  return "restart the engine: sudo systemctl restart docker";
}

function notLinux({ from }: Candidate, os: string): EnvironmentError {
  return new EnvironmentError({
    wanted: `an engine that runs Linux containers (${from})`,
    seen: `it runs ${os} containers`,
    mend: "switch Docker Desktop to Linux containers",
  });
}
