import type { Recovery } from "../contracts.ts";

/** The system as the seeds found it: what was not delivered is never sent again. */
export const noRecovery: Recovery = {
  name: "none",
  dispatchFailure: "skip",
  redispatch: () => [],
  retriesRefused: false,
  comparesOnHandshake: false,
  comparesDigests: false,
  supersedes: false,
};
