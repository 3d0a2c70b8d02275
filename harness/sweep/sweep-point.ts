import type { Scenario } from "../scenario/define.ts";
import type { HarnessClock } from "../time/clock.ts";
import type { Timing } from "../timing/profile.ts";

/** Where one run of the sweep puts things; milliseconds after the edge is killed, negative: before. */
export interface SweepOffsets {
  readonly deployAtMs: number;
  readonly returnAtMs: number;
  /** From the first job's running to the kill: the same in every run, so that the kill meets the same heartbeats. */
  readonly leadMs: number;
}

/**
 * The headline with its deployment moved (spec 3-scenarios, "Loss-window sweep"): the edge is killed, the
 * second job is deployed so long after that, the edge returns. Waits by the engine's clock, because here the
 * offset is what is tried, not a guess at how long something takes. One edge, so that each run has one message
 * and one answer.
 */
export function sweepPoint(
  { clock }: { readonly clock: HarnessClock },
  { deployAtMs, returnAtMs, leadMs }: SweepOffsets,
): Scenario {
  return {
    id: "sweep",
    claim: "A job deployed at any time around a node's absence runs once the node is back.",
    covers: ["seed 002, The 5-Minute Disconnect Window"],
    edges: 1,
    jobs: SWEEP_JOBS,
    // What is to be expected depends on when the dispatch came: see `landmarks.ts`.
    expected: {},
    run: async ({ edges, deploy, until, claim }) => {
      const first = await deploy("test-job.yaml");
      await until(first.runsOn(edges));
      const killAtMs = clock.nowMs() + leadMs;
      const waitFor = (offsetMs: number) =>
        new Promise<void>((resolve) => {
          clock.after(killAtMs + offsetMs - clock.nowMs(), resolve);
        });
      const absence = async () => {
        await waitFor(0);
        await edges.kill();
        await waitFor(returnAtMs);
        await edges.recreate({ identity: "kept" });
      };
      const deployment = async () => {
        await waitFor(deployAtMs);
        return await deploy("new-job.yaml");
      };
      const [second] = await both(deployment(), absence());
      await claim(second.runsOn(edges));
    },
  };
}

export const SWEEP_JOBS = ["test-job.yaml", "new-job.yaml"] as const;

/** Ends when nothing of either is under way any more, also when one has failed. */
async function both<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return await Promise.all([a, b]);
}

/**
 * When the edge returns: after it was noticed to be gone whatever the phase of heartbeats and checks (noticed
 * within disconnectTimeout - heartbeat … disconnectTimeout + housekeeping), and before it counts as lost.
 * Undefined if the pace leaves no room between the two.
 */
export function returnOffsetMs(timing: Timing): number | undefined {
  const returnAtMs = timing.disconnectTimeout + 2 * timing.housekeeping;
  const lostAtMs = timing.disconnectTimeout - timing.heartbeat + timing.lostTimeout;
  return returnAtMs + RETURN_TAKES_MS < lostAtMs ? returnAtMs : undefined;
}

/** Creating a machine and booting its program, at the most (spec 4-harness: recreate ≈ 400 ms). */
const RETURN_TAKES_MS = 2_000;
