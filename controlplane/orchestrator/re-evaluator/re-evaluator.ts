import type { LoggedEvent } from "../../model/event.ts";
import type { Job } from "../../model/job.ts";
import type { Clock, Timer } from "../../ports/clock.ts";
import { isTerminal } from "../../model/execution.ts";
import { matchesSelector } from "../../model/selector.ts";
import type { Log } from "../../ports/log.ts";
import type { Random } from "../../ports/random.ts";
import type { CreateWatcher, Store, Watcher } from "../contracts.ts";
import { jobFields, nodeFields } from "../log-fields.ts";

type NodeMove = Extract<LoggedEvent, { kind: "node-joined" | "node-left" }>;

/**
 * Has jobs looked at again when the world changed. Joins and leaves wait for a batch (15 s by default, the
 * delay that seed 001 suspects); an execution's report does not.
 */
export function createReEvaluator(
  parts: {
    readonly createWatcher: CreateWatcher;
    readonly clock: Clock;
    readonly random: Random;
    readonly store: Store;
    readonly log: Log;
  },
  settings: { readonly reevaluationBatchMs: number },
): { start(): void; stop(): void } {
  const { createWatcher, clock, random, store, log } = parts;
  let waiting: { readonly event: NodeMove; readonly dueAtMs: number }[] = [];
  const timers = new Set<Timer>();

  const nodeMoves: Watcher = createWatcher({
    name: "re-evaluator",
    startAt: "checkpoint",
    // Only once its batch was processed: a restart in between must not forget a join.
    checkpoint: "manual",
    onFailure: "block",
    filter: isNodeMove,
    handle: (event) => {
      if (isNodeMove(event)) queue(event);
    },
  });

  const reports: Watcher = createWatcher({
    name: "re-evaluator-reports",
    startAt: "checkpoint",
    checkpoint: "each",
    onFailure: "block",
    filter: (event) => event.kind === "execution-observed" && event.by === "edge",
    handle: (event) => {
      if (event.kind === "execution-observed" && store.job(event.jobId) !== undefined) {
        create(event.jobId, "exec-update");
      }
    },
  });

  return {
    start: () => {
      nodeMoves.start();
      reports.start();
    },
    stop: () => {
      nodeMoves.stop();
      reports.stop();
      for (const timer of timers) timer.cancel();
    },
  };

  function queue(event: NodeMove): void {
    const trigger = triggerOf(event);
    const dueAtMs = event.atMs + settings.reevaluationBatchMs;
    waiting.push({ event, dueAtMs });
    log.info("REEVALUATOR: queuing for batch", {
      ...nodeFields(store, event.nodeId),
      trigger,
      batch_ms: settings.reevaluationBatchMs,
    });
    const timer = clock.after(Math.max(0, dueAtMs - clock.nowMs()), () => {
      timers.delete(timer);
      processDue(dueAtMs);
    });
    timers.add(timer);
  }

  function processDue(atLeastToMs: number): void {
    // A timer may come a little before its time, and a person may set the clock back: its own event is due.
    const now = Math.max(clock.nowMs(), atLeastToMs);
    const due = waiting.filter((entry) => entry.dueAtMs <= now).map((entry) => entry.event);
    // Processed together with an earlier one that was due at the same moment.
    if (due.length === 0) return;
    waiting = waiting.filter((entry) => entry.dueAtMs > now);
    log.info("REEVALUATOR: Processing batch - START", { events: due.length });
    for (const [job, trigger] of affectedJobs(due)) {
      const evaluationId = create(job.id, trigger);
      log.info(`REEVALUATOR: Created evaluation for job (trigger=${trigger})`, {
        ...jobFields(store, job.id),
        eval_id: evaluationId,
        trigger,
      });
    }
    nodeMoves.done(due.at(-1)?.seq ?? 0);
  }

  function affectedJobs(due: readonly NodeMove[]): Map<Job, "node-join" | "node-leave"> {
    const affected = new Map<Job, "node-join" | "node-leave">();
    for (const job of store.jobs()) {
      const triggers = due.filter((event) => affects(event, job)).map(triggerOf);
      // Within a batch a join wins over a leave (spec 1-system, part 9).
      if (triggers.includes("node-join")) affected.set(job, "node-join");
      else if (triggers.length > 0) affected.set(job, "node-leave");
    }
    return affected;
  }

  function affects(event: NodeMove, job: Job): boolean {
    const node = store.node(event.nodeId);
    if (job.wanted && node !== undefined && matchesSelector(job.spec.selector, node)) return true;
    // The node may have matched until now: then what ended there counts, too.
    return store
      .executions({ jobId: job.id, nodeId: event.nodeId })
      .some((execution) => job.wanted || !isTerminal(execution));
  }

  function create(jobId: string, trigger: "node-join" | "node-leave" | "exec-update"): string {
    const id = random.uuid();
    store.change((writer) => writer.addEvaluation({ id, jobId, trigger }));
    return id;
  }
}

function isNodeMove(event: LoggedEvent): event is NodeMove {
  return event.kind === "node-joined" || event.kind === "node-left";
}

function triggerOf(event: NodeMove): "node-join" | "node-leave" {
  return event.kind === "node-joined" ? "node-join" : "node-leave";
}
