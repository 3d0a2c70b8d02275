import { describe, expect, it } from "vitest";
import { settled } from "../test-kit/a-clock.ts";
import { ControlError } from "../systems/system.ts";
import { aCluster, aRunState, type TestCluster } from "../test-kit/a-cluster.ts";
import { RunAborted } from "./run-aborted.ts";
import { createBroker, createOrchestrator } from "./server.ts";

describe("the orchestrator", () => {
  it("is killed, and recreated with its data", async () => {
    const { orchestrator, cluster } = await servers({
      "recreate orchestrator kept": (at) => at.print("orchestrator", "serving"),
    });
    await orchestrator.kill();
    await orchestrator.recreate();
    expect(cluster.calls).toEqual(["kill orchestrator", "recreate orchestrator kept"]);
  });

  it("is back when it serves anew", async () => {
    const { orchestrator, cluster } = await servers();
    cluster.print("orchestrator", "serving");
    let isBack = false;
    const back = orchestrator.recreate().then(() => (isBack = true));
    await settled();
    expect(isBack).toBe(false);
    cluster.print("orchestrator", "serving");
    await back;
    expect(isBack).toBe(true);
  });

  it("that never serves again ends the run", async () => {
    const { orchestrator, cluster } = await servers({
      look: () => {
        throw new ControlError("connection refused");
      },
    });
    await expect(cluster.clock.drive(orchestrator.recreate())).rejects.toThrow(
      new RunAborted("waited 30000 ms until the orchestrator serves: not yet"),
    );
  });
});

describe("the broker", () => {
  it("is back when the orchestrator is connected to it, and not when an edge is", async () => {
    const { broker, cluster } = await servers();
    let isBack = false;
    const back = broker.recreate().then(() => (isBack = true));
    await settled();
    cluster.print("nats", "opened client=edge1 cid=1");
    cluster.print("nats", "closed client=orchestrator cid=2");
    await settled();
    expect(isBack).toBe(false);
    cluster.print("nats", "opened client=orchestrator cid=3");
    await back;
    expect(cluster.calls).toEqual(["recreate nats kept"]);
  });
});

async function servers(when: Readonly<Record<string, (cluster: TestCluster) => void>> = {}) {
  const cluster = aCluster({ act: (deed, at) => when[deed]?.(at) });
  const state = await aRunState(cluster);
  return { cluster, orchestrator: createOrchestrator(state), broker: createBroker(state) };
}
