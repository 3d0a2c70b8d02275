import type { Scenario } from "../harness/index.ts";
import briefDisconnect from "./brief-disconnect.ts";
import brokerRestartInWindow from "./broker-restart-in-window.ts";
import cascadeBlocksNextJob from "./cascade-blocks-next-job.ts";
import deadNodeBlocksDispatcher from "./dead-node-blocks-dispatcher.ts";
import deployAllConnected from "./deploy-all-connected.ts";
import deployInDisconnectWindow from "./deploy-in-disconnect-window.ts";
import deployWhileDisconnected from "./deploy-while-disconnected.ts";
import deployWithNoNodes from "./deploy-with-no-nodes.ts";
import firstNodeJoinsQueuedJob from "./first-node-joins-queued-job.ts";
import ghostOfOldIdentity from "./ghost-of-old-identity.ts";
import newNodeJoins from "./new-node-joins.ts";
import nodeLost from "./node-lost.ts";
import pausedEdgeCatchesUp from "./paused-edge-catches-up.ts";
import redeployDuringHandshake from "./redeploy-during-handshake.ts";
import restartWhileDispatcherBlocked from "./restart-while-dispatcher-blocked.ts";
import restartWithNewIdentity from "./restart-with-new-identity.ts";
import restartWithWipedDisk from "./restart-with-wiped-disk.ts";
import runningExecutionReconnects from "./running-execution-reconnects.ts";
import scaleDown from "./scale-down.ts";
import scaleUp from "./scale-up.ts";
import statusLost from "./status-lost.ts";
import stopInDisconnectWindow from "./stop-in-disconnect-window.ts";
import updateAfterNewIdentity from "./update-after-new-identity.ts";
import updateInDisconnectWindow from "./update-in-disconnect-window.ts";

/** The catalogue, the headline first, its control next. */
export const scenarios: readonly Scenario[] = [
  deployInDisconnectWindow,
  deployAllConnected,
  deployWhileDisconnected,
  firstNodeJoinsQueuedJob,
  redeployDuringHandshake,
  ghostOfOldIdentity,
  restartWithNewIdentity,
  updateAfterNewIdentity,
  restartWithWipedDisk,
  updateInDisconnectWindow,
  stopInDisconnectWindow,
  cascadeBlocksNextJob,
  statusLost,
  deadNodeBlocksDispatcher,
  restartWhileDispatcherBlocked,
  brokerRestartInWindow,
  newNodeJoins,
  runningExecutionReconnects,
  briefDisconnect,
  pausedEdgeCatchesUp,
  nodeLost,
  deployWithNoNodes,
  scaleUp,
  scaleDown,
];
