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
  type Inventory,
} from "../protocol/messages.ts";
import { digestOf } from "../protocol/digest.ts";
import { subjectTo } from "../protocol/subjects.ts";
import type { Executor } from "./executor.ts";
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
  parts: {
    readonly bus: Bus;
    readonly clock: Clock;
    readonly host: Host;
    readonly log: Log;
    readonly executions: Pick<Executor, "inventory" | "live">;
  },
  node: { readonly id: string; readonly settings: EdgeSettings },
): { start(): void; stop(): void } {
  const { bus, clock, host, log, executions } = parts;
  let timer: Timer | undefined;
  let pace = { heartbeatMs: 0, digestEveryMs: 0 };
  let digestToldAtMs = 0;
  /** Asked for, and not arrived yet. */
  let owesInventory = false;
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
    const answer = await ask("handshake", request);
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
    const { heartbeat_ms: heartbeatMs, digest_every_ms: digestEveryMs } = response.value;
    pace = { heartbeatMs, digestEveryMs };
    digestToldAtMs = clock.nowMs();
    log.info("EDGE: Handshake accepted", {
      node_id: node.id,
      node_name: node.settings.name,
      heartbeat_ms: heartbeatMs,
    });
    next(heartbeatMs, beat);
    if (response.value.tell_inventory) await tellInventory();
  }

  async function beat(): Promise<void> {
    const startedAtMs = clock.nowMs();
    const request: HeartbeatRequest = { node_id: node.id, ...digestIfDue() };
    const answer = await ask("heartbeat", request);
    const response = answer.ok ? decode(heartbeatResponse, answer.value) : answer;
    if (!response.ok) log.debug("EDGE: Heartbeat went unanswered", { why: response.problem });
    else if (response.value.handshake_required) {
      log.info("EDGE: The orchestrator asks for a handshake", { node_id: node.id });
      return next(0, shakeHands);
    }
    next(Math.max(0, startedAtMs + pace.heartbeatMs - clock.nowMs()), beat);
    if (owesInventory || (response.ok && response.value.tell_inventory)) await tellInventory();
  }

  function digestIfDue(): { digest?: string } {
    const { digestEveryMs } = pace;
    if (digestEveryMs === 0 || clock.nowMs() - digestToldAtMs < digestEveryMs) return {};
    digestToldAtMs = clock.nowMs();
    return { digest: digestOf(executions.live()) };
  }

  /** Everything that is known here; told again with the next heartbeat if nobody heard it. */
  async function tellInventory(): Promise<void> {
    const message: Inventory = { node_id: node.id, executions: executions.inventory() };
    owesInventory = !(await ask("inventory", message)).ok;
  }

  async function ask(
    matter: Parameters<typeof subjectTo>[0],
    request: HandshakeRequest | HeartbeatRequest | Inventory,
  ): Promise<{ ok: true; value: string } | { ok: false; problem: string }> {
    try {
      return {
        ok: true,
        value: await bus.request(subjectTo(matter, node.id), JSON.stringify(request), {
          timeoutMs: ANSWER_TIMEOUT_MS,
        }),
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
