import type { ContractCase } from "../contract.ts";
import type { BusWorld } from "./bus-world.ts";
import { closingCases } from "./cases/closing.ts";
import { deliveryCases } from "./cases/delivery.ts";
import { linkCases } from "./cases/links.ts";
import { outageCases } from "./cases/outage.ts";
import { payloadCases } from "./cases/payloads.ts";
import { processCases } from "./cases/processes.ts";
import { requestCases } from "./cases/requests.ts";

/** Everything about the message bus that the control plane relies on, or that the simulation must share. */
export const busContract: readonly ContractCase<BusWorld>[] = [
  ...deliveryCases,
  ...payloadCases,
  ...requestCases,
  ...outageCases,
  ...linkCases,
  ...processCases,
  ...closingCases,
];
