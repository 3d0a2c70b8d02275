import type { Scenario } from "../harness/index.ts";
import deployAllConnected from "./deploy-all-connected.ts";
import deployInDisconnectWindow from "./deploy-in-disconnect-window.ts";

/** The catalogue, the headline first. */
export const scenarios: readonly Scenario[] = [deployInDisconnectWindow, deployAllConnected];
