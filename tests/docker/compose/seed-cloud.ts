import { execution, job } from "./seed-002.ts";
import type { Step } from "./step.ts";

/**
 * What seeds 000 and 001 have people type against the cloud; comments in quotes are theirs. Where they go to the UI the CLI
 * does it.
 */

/** "sleep 15": whoever looks looks until it is so. A node that is connected is not ready yet, and what is sent to it then is lost. */
const nodes = (...shows: readonly RegExp[]): Step => ({
  types: 'expanso-cli node list --endpoint "$EXPANSO_ENDPOINT"',
  shows,
});
const BOTH_ARE_READY = nodes(/ edge1 +connected +ready /, / edge2 +connected +ready /);
const UP = { types: "docker compose -p $PROJECT up -d" };
const deploys = (file: string): Step => ({
  types: `expanso-cli job deploy --force pipelines/${file} --endpoint "$EXPANSO_ENDPOINT"`,
});
const executions = (...shows: readonly RegExp[]): Step => ({
  types: 'expanso-cli execution list --endpoint "$EXPANSO_ENDPOINT"',
  shows,
});
const jobs = (state: string): Step => ({
  types: 'expanso-cli job list --endpoint "$EXPANSO_ENDPOINT"',
  shows: [job("test-heartbeat", state)],
});
const on = (state: string) => ["edge1", "edge2"].map((edge) => execution("test-heartbeat", edge, state));
/** So many of its executions run that are of this version. */
const running = (version: number, count: number) =>
  new RegExp(String.raw`(?: test-heartbeat +${version} +edge[12] +running +running[^]*){${count}}`);

export const SEED_000: readonly Step[] = [
  // "1. Start edge nodes"
  UP,
  // "2. Verify nodes connected"
  BOTH_ARE_READY,
  // "3. Deploy pipeline … verify running"
  deploys("test-job.yaml"),
  executions(...on("running")),
  jobs("running"),
  // "4. Stop the pipeline"
  { types: 'expanso-cli job stop test-heartbeat --endpoint "$EXPANSO_ENDPOINT"' },
  jobs("stopped"),
  // "5. Delete nodes (must use rm -f for new NodeIDs)"
  { types: "docker rm -f edge1 edge2" },
  // "6. Recreate nodes": four by now, and those of before still count as connected.
  UP,
  nodes(/(?: edge[12] +connected +ready [^]*){4}/),
  // "7. Redeploy pipeline via UI"
  deploys("test-job.yaml"),
  // "BUG: Job stuck in 'deploying'!", although it runs on both that are there.
  executions(running(2, 2), /(?: test-heartbeat +2 +edge[12] +pending +running[^]*){2}/),
  jobs("deploying"),
];

export const SEED_001: readonly Step[] = [
  UP,
  // "1. Create nodes"
  BOTH_ARE_READY,
  // "2. Schedule job via UI"
  deploys("test-job.yaml"),
  executions(...on("running")),
  // "3. Update job via UI"
  deploys("test-job-v2.yaml"),
  executions(running(2, 2)),
  jobs("running"),
  // "4. Kill nodes"
  { types: "docker rm -f edge1 edge2" },
  // "5. Start nodes"
  UP,
  // "6. Job doesn't auto-schedule": here it does (docs/fixes.md).
  executions(running(2, 4)),
  // "7. Job updates don't schedule": on the new nodes they do; the ghosts keep the job from getting anywhere.
  deploys("test-job.yaml"),
  executions(running(3, 2)),
  jobs("deploying"),
];
