import type { Execution } from "../../model/execution.ts";
import type { RestartPolicy } from "../../model/job.ts";

const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 60_000;

export type Replacement =
  | { readonly kind: "now"; readonly replaces: string | undefined; readonly attempt: number }
  | { readonly kind: "later"; readonly atMs: number }
  | { readonly kind: "never" };

/**
 * When the place of an execution that ended may be taken by a new one. A failed one is replaced as the job's
 * `restart_policy` says, 1 s after it failed, doubling with every failure in a row up to 1 min. Anything
 * else that ended (stopped, cancelled, lost with its node) did not fail by its own doing.
 */
export function replacementOf(
  ended: Execution | undefined,
  policy: RestartPolicy,
  nowMs: number,
): Replacement {
  if (ended === undefined) return { kind: "now", replaces: undefined, attempt: 0 };
  const failedByItself = ended.observed.state === "failed" && ended.desired.state !== "stopped";
  if (!failedByItself) return { kind: "now", replaces: ended.id, attempt: 0 };
  if (policy === "never") return { kind: "never" };
  const backOffMs = Math.min(FIRST_BACK_OFF_MS * 2 ** ended.attempt, LONGEST_BACK_OFF_MS);
  const atMs = ended.updatedAtMs + backOffMs;
  if (nowMs < atMs) return { kind: "later", atMs };
  return { kind: "now", replaces: ended.id, attempt: ended.attempt + 1 };
}
