import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import type Docker from "dockerode";
import { ask } from "./discovery/ask.ts";
import { candidates, type HostFacts } from "./discovery/candidates.ts";
import { connect } from "./discovery/connect.ts";
import { type Asked, decide, type Looked } from "./discovery/decide.ts";
import type { Endpoint } from "./discovery/endpoint.ts";

export type Discovery =
  | {
      readonly kind: "found";
      readonly docker: Docker;
      /** `docker 20.10.24` */
      readonly title: string;
      /** Who named it: `DOCKER_HOST`, `the Docker context "colima"`, `/var/run/docker.sock`. */
      readonly from: string;
      readonly endpoint: Endpoint;
    }
  | { readonly kind: "none"; readonly looked: readonly Looked[] };

export interface DiscoveryOptions extends Partial<HostFacts> {
  /** How long one place may take to answer. */
  readonly timeoutMs?: number;
}

/**
 * Looks for an engine where users have it: `DOCKER_HOST`, the current Docker context, the usual sockets. dockerode knows
 * nothing of contexts, and the docker CLI answers on machines where no engine runs; so this asks the engine itself.
 * @throws EnvironmentError when one is configured but does not answer, or may not be opened.
 */
export async function findEngine(options: DiscoveryOptions = {}): Promise<Discovery> {
  const { timeoutMs = 5_000, ...facts } = options;
  const host = { ...realHost(), ...facts };
  const where = candidates(host);
  const asked: Asked[] = [];
  for (const candidate of where.kind === "configured" ? [where.candidate] : where.candidates) {
    const answer = await ask(connect(candidate.endpoint, host.env), timeoutMs);
    asked.push({ candidate, answer });
    if (answer.is === "engine") break;
  }
  const decision = decide(where.kind, asked);
  if (decision.kind === "none") return decision;
  return {
    kind: "found",
    docker: connect(decision.candidate.endpoint, host.env),
    // Debian appends how it was packaged (20.10.24+dfsg1), which is nobody's concern here.
    title: `docker ${decision.version.split("+")[0]}`,
    from: decision.candidate.from,
    endpoint: decision.candidate.endpoint,
  };
}

function realHost(): HostFacts {
  return {
    env: process.env,
    home: homedir(),
    platform: process.platform,
    readFile(path) {
      try {
        return readFileSync(path, "utf8");
      } catch {
        return undefined;
      }
    },
  };
}
