import { list } from "../text/list.ts";
import { sayDuration } from "../timing/duration.ts";
import type { Timing } from "../timing/profile.ts";

/** What a scenario is about to do: one step of the walkthrough. */
export type Deed =
  | { readonly do: "begin"; readonly machines: readonly string[] }
  | { readonly do: "deploy"; readonly file: string; readonly force: boolean }
  | { readonly do: "stop-job"; readonly job: string }
  | { readonly do: "claim" | "always"; readonly what: string; readonly forMs: number }
  | { readonly do: "join"; readonly count: number }
  | { readonly do: "cut-for"; readonly machines: readonly string[]; readonly forMs: number }
  | {
      readonly do: "start" | "kill" | "pause" | "resume" | "cut" | "heal";
      readonly machines: readonly string[];
    }
  | {
      readonly do: "recreate";
      readonly machines: readonly string[];
      readonly identity: "kept" | "new" | "wiped";
    };

/** What is said of a deed before it is done. */
export interface Announcement {
  readonly title: string;
  readonly why: string;
}

/** For any scenario: what will be done, and why that matters. */
export function announce(deed: Deed, timing: Timing): Announcement {
  switch (deed.do) {
    case "begin":
      return {
        title: `Start ${list(deed.machines)}`,
        why:
          "Each machine starts as it would anywhere. An edge connects to NATS, subscribes, then shakes hands with " +
          "the orchestrator; a moment later it can be sent to.",
      };
    case "deploy":
      return {
        title: `Deploy ${deed.file}${deed.force ? " (--force, though nothing has changed)" : ""}`,
        why:
          "The scheduler decides on which nodes it runs and creates an execution for each; the dispatcher sends " +
          "each node its request by NATS, once.",
      };
    case "stop-job":
      return {
        title: `Stop the job ${deed.job}`,
        why: "It is wanted nowhere any more; the dispatcher sends each node that runs it a request to stop.",
      };
    case "kill":
      return {
        title: `Kill ${list(deed.machines)} (rm -f)`,
        why:
          "Killed and removed, nobody says goodbye. Of an edge the orchestrator notices only " +
          `when no heartbeat has come for ${sayDuration(timing.disconnectTimeout)}.`,
      };
    case "recreate":
      return {
        title: `Recreate ${list(deed.machines)} (${RETURNS[deed.identity].title})`,
        why: RETURNS[deed.identity].why,
      };
    case "start":
      return {
        title: `Start ${list(deed.machines)}`,
        why:
          "It shakes hands, and counts as connected at once; its data plane is set up " +
          `${sayDuration(timing.dataPlaneSetup)} later. Whatever is sent in between is refused.`,
      };
    case "join":
      return {
        title: `Let ${deed.count} new ${deed.count === 1 ? "edge" : "edges"} join`,
        why: "A join has every job looked at again, so that it runs on the newcomers as well.",
      };
    case "pause":
      return {
        title: `Freeze ${list(deed.machines)}`,
        why: "Every process stops, but its connections stay: what is sent meanwhile waits, and is not lost.",
      };
    case "resume":
      return {
        title: `Let ${list(deed.machines)} go on`,
        why: "It reads what has waited for it, as if no time had passed.",
      };
    case "cut":
      return {
        title: `Take ${list(deed.machines)} off the network`,
        why: "It runs on, and nothing gets through; TCP goes on trying for a while.",
      };
    case "heal":
      return { title: `Put ${list(deed.machines)} back on the network`, why: "Under the address it had." };
    case "cut-for":
      return {
        title: `Take ${list(deed.machines)} off the network for ${sayDuration(deed.forMs)}`,
        why: `That is less than the ${sayDuration(timing.disconnectTimeout)} after which it would count as gone.`,
      };
    case "claim":
      return {
        title: `Put the claim to the test: ${deed.what}`,
        why: `W, ${sayDuration(deed.forMs)}, is the time that a correct system needs at the most. What has not come by then, does not come.`,
      };
    case "always":
      return {
        title: `Watch it for up to ${sayDuration(deed.forMs)}: ${deed.what}`,
        why: "It has to stay so, until everything has timed out that can.",
      };
  }
}

const RETURNS = {
  kept: {
    title: "same ids, same data",
    why: "New machines with the data folders of the old ones: the same nodes return, and shake hands.",
  },
  new: {
    title: "new ids, empty data",
    why: "To the orchestrator these are new nodes; it still has the old ones, which will never return.",
  },
  wiped: {
    title: "same ids, empty data",
    why: "The same nodes return, and know nothing of what they ran.",
  },
} as const;
