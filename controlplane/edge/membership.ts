import { VERSION } from "../model/version.ts";
import { BusClosedError, type Bus } from "../ports/bus.ts";
import type { Clock, Timer } from "../ports/clock.ts";
import type { Host } from "../ports/host.ts";
import type { Log } from "../ports/log.ts";
import {
  decode,
  handshakeResponse,
  heartbeatResponse,
  type HandshakeRequest,
  type HeartbeatRequest,
} from "../protocol/messages.ts";
import { HANDSHAKE_SUBJECT, HEARTBEAT_SUBJECT } from "../protocol/subjects.ts";
import type { EdgeSettings } from "./settings.ts";

const RETRY_MS = 250;
/** A refused edge waits for a person. */
const REFUSED_RETRY_MS = 10_000;
const ANSWER_TIMEOUT_MS = 2_000;

/**
 * Keeps this edge known to the orchestrator: shakes hands, then sends heartbeats at the pace it was told, and
 * shakes hands again when it is asked to. A reconnect to NATS alone changes nothing.
 */
export function createMembership(
  parts: { readonly bus: Bus; readonly clock: Clock; readonly host: Host; readonly log: Log },
  node: { readonly id: string; readonly settings: EdgeSettings },
): { start(): void; stop(): void } {
  const { bus, clock, host, log } = parts;
  let timer: Timer | undefined;
  let stopped = false;
  let waitingSaid = false;

  return {
    start: () => void shakeHands(),
    stop: () => {
      stopped = true;
      timer?.cancel();
    },
  };

  async function shakeHands(): Promise<void> {
    const request: HandshakeRequest = {
      node_id: node.id,
      name: node.settings.name,
      hostname: host.hostname,
      os: host.os,
      arch: host.arch,
      agent_version: VERSION,
      labels: node.settings.labels,
    };
    const answer = await ask(HANDSHAKE_SUBJECT, request);
    if (!answer.ok) {
      if (!waitingSaid) log.info("EDGE: Waiting for the orchestrator", { seen: answer.problem });
      waitingSaid = true;
      return next(RETRY_MS, shakeHands);
    }
    const response = decode(handshakeResponse, answer.value);
    if (!response.ok || !response.value.accepted) {
      const reason = response.ok && !response.value.accepted ? response.value.reason : "malformed answer";
      log.error("EDGE: Handshake refused", { node_id: node.id, reason });
      return next(REFUSED_RETRY_MS, shakeHands);
    }
    waitingSaid = false;
    const heartbeatMs = response.value.heartbeat_ms;
    log.info("EDGE: Handshake accepted", {
      node_id: node.id,
      node_name: node.settings.name,
      heartbeat_ms: heartbeatMs,
    });
    next(heartbeatMs, () => beat(heartbeatMs));
  }

  async function beat(heartbeatMs: number): Promise<void> {
    const startedAtMs = clock.nowMs();
    const request: HeartbeatRequest = { node_id: node.id };
    const answer = await ask(HEARTBEAT_SUBJECT, request);
    const response = answer.ok ? decode(heartbeatResponse, answer.value) : answer;
    if (!response.ok) log.debug("EDGE: Heartbeat went unanswered", { why: response.problem });
    else if (response.value.handshake_required) {
      log.info("EDGE: The orchestrator asks for a handshake", { node_id: node.id });
      return next(0, shakeHands);
    }
    next(Math.max(0, startedAtMs + heartbeatMs - clock.nowMs()), () => beat(heartbeatMs));
  }

  async function ask(
    subject: string,
    request: HandshakeRequest | HeartbeatRequest,
  ): Promise<{ ok: true; value: string } | { ok: false; problem: string }> {
    try {
      return {
        ok: true,
        value: await bus.request(subject, JSON.stringify(request), { timeoutMs: ANSWER_TIMEOUT_MS }),
      };
    } catch (error) {
      if (error instanceof BusClosedError) stopped = true;
      return { ok: false, problem: error instanceof Error ? error.message : String(error) };
    }
  }

  function next(delayMs: number, step: () => Promise<void>): void {
    if (stopped) return;
    timer = clock.after(delayMs, () => void step());
  }
}
