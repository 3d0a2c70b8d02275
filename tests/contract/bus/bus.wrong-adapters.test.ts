import { testThatEachCaseCanFail } from "../contract.ts";
import { busContract } from "./bus.contract.ts";
import { wrongClosing } from "./wrong/closing.ts";
import { wrongDelivery } from "./wrong/delivery.ts";
import { wrongLinks } from "./wrong/links.ts";
import { wrongOutage } from "./wrong/outage.ts";
import { wrongPayloads } from "./wrong/payloads.ts";
import { wrongProcesses } from "./wrong/processes.ts";
import { wrongRequests } from "./wrong/requests.ts";

testThatEachCaseCanFail("bus", busContract, {
  ...wrongDelivery,
  ...wrongPayloads,
  ...wrongRequests,
  ...wrongOutage,
  ...wrongLinks,
  ...wrongProcesses,
  ...wrongClosing,
});
