import { describe, expect, it } from "vitest";
import { RunAborted } from "../scenario/run-aborted.ts";
import { ControlError } from "../systems/system.ts";
import { aNode } from "../test-kit/a-view.ts";
import { settled } from "../test-kit/a-clock.ts";
import { aCluster, aRunState, type Happenings } from "../test-kit/a-cluster.ts";
import { mend, raise } from "./raise.ts";
import type { Repair } from "./repair.ts";

describe("bringing a stack up", () => {
  it("starts every machine, and is done when every edge can be sent to", async () => {
    const { cluster, state } = await aStack({
      act: (deed, at) => {
        if (deed === "start orchestrator") at.print("orchestrator", "serving");
      },
    });
    await cluster.clock.drive(raise(state));
    expect(cluster.calls).toEqual(["start nats", "start orchestrator", "start edge1", "start edge2", "look"]);
  });

  it("is not done before the orchestrator serves", async () => {
    const { cluster, state } = await aStack();
    let isUp = false;
    const raised = raise(state).then(() => (isUp = true));
    await settled();
    expect(isUp).toBe(false);
    cluster.print("orchestrator", "serving");
    await raised;
    expect(isUp).toBe(true);
  });

  it("asks an orchestrator that says nothing of it, and takes its answer", async () => {
    const { cluster, state } = await aStack({
      act: (deed) => (cluster.clock.nowMs() - startedMs < 9_000 ? refusing(deed) : undefined),
    });
    const startedMs = cluster.clock.nowMs();
    await cluster.clock.drive(raise(state));
    expect(cluster.clock.nowMs() - startedMs).toBe(9_000);
  });

  it("says what it waited for in vain", async () => {
    const { cluster, state } = await aStack({ act: refusing });
    await expect(cluster.clock.drive(raise(state))).rejects.toThrow(
      new RunAborted("waited 62000 ms until the orchestrator serves; last seen: not yet"),
    );
  });
});

describe("making a stack whole", () => {
  it("undoes what was done to each machine", async () => {
    const { cluster, state } = await aStack();
    cluster.print("orchestrator", "ready node_name=edge2");
    await cluster.clock
      .drive(
        mend(state, [
          { machine: "edge1", do: "recreate" },
          { machine: "edge2", do: "heal" },
          { machine: "edge2", do: "resume" },
        ]),
      )
      .catch((error: unknown) => {
        // The second edge was never seen by this orchestrator: only the deeds are looked at here.
        expect(error).toBeInstanceOf(RunAborted);
      });
    expect(cluster.calls.filter((call) => call !== "look")).toEqual([
      "recreate edge1 kept",
      "heal edge2",
      "resume edge2",
    ]);
  });

  it("believes no line of the past: an edge that was dead has to shake hands anew", async () => {
    const { cluster, state } = await aStack({ isReturnUnseen: true });
    for (const edge of ["edge1", "edge2"]) {
      cluster.print("orchestrator", `handshake node_name=${edge}`);
      cluster.print("orchestrator", `ready node_name=${edge}`);
    }
    const repair: Repair = { machine: "edge1", do: "recreate" };
    await expect(cluster.clock.drive(mend(state, [repair]))).rejects.toThrow(
      "until edge1 shakes hands; last seen: no handshake with edge1",
    );
  });

  it("asks again once it serves, where the orchestrator ran without a broker and so did not", async () => {
    let isServing = false;
    const { cluster, state } = await aStack({
      act: (deed, at) => {
        if (deed === "recreate nats kept") {
          isServing = false;
          at.clock.after(3_000, () => {
            isServing = true;
            at.print("orchestrator", "serving");
          });
        }
        return isServing ? undefined : refusing(deed);
      },
    });
    // Of the time before the broker was killed.
    for (const edge of ["edge1", "edge2"]) {
      cluster.seen = {
        ...cluster.seen,
        nodes: [...cluster.seen.nodes, aNode({ id: `n-${edge}`, name: edge })],
      };
      cluster.print("orchestrator", `ready node_name=${edge}`);
    }
    const sinceMs = cluster.clock.nowMs();
    await cluster.clock.drive(mend(state, [{ machine: "nats", do: "recreate" }]));
    expect(cluster.clock.nowMs() - sinceMs).toBe(3_000);
  });

  it("says what could not be undone", async () => {
    const { state } = await aStack({ act: () => ({ bit: false, seen: "still on the moon" }) });
    await expect(mend(state, [{ machine: "edge1", do: "heal" }])).rejects.toThrow(
      new RunAborted("heal of edge1 did not work: still on the moon"),
    );
  });
});

function refusing(deed: string): undefined {
  if (deed === "look") throw new ControlError("connection refused");
}

async function aStack(happenings: Happenings = {}) {
  const cluster = aCluster(happenings);
  return { cluster, state: await aRunState(cluster) };
}
