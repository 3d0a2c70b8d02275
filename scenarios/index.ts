import type { Scenario } from "../harness/index.ts";
import deployAllConnected from "./deploy-all-connected.ts";
import deployInDisconnectWindow from "./deploy-in-disconnect-window.ts";
import deployWhileDisconnected from "./deploy-while-disconnected.ts";
import deployWithNoNodes from "./deploy-with-no-nodes.ts";
import firstNodeJoinsQueuedJob from "./first-node-joins-queued-job.ts";
import runningExecutionReconnects from "./running-execution-reconnects.ts";

/** The catalogue, the headline first, its control next. */
export const scenarios: readonly Scenario[] = [
  deployInDisconnectWindow,
  deployAllConnected,
  deployWhileDisconnected,
  firstNodeJoinsQueuedJob,
  deployWithNoNodes,
  runningExecutionReconnects,
];
