import { expect, it } from "vitest";
import { subjectTo } from "../../protocol/subjects.ts";
import { addExecution, aStore, deployJob, putNode } from "../../test-kit/a-store.ts";
import { aUuid } from "../../test-kit/counting-random.ts";
import { createMemoryBroker } from "../../test-kit/memory-bus.ts";
import { createTransport } from "../transport/transport.ts";
import { createInventoryDesk } from "./inventory.ts";

const NODE = aUuid(1);

/** A desk that knows `NODE`, with `e1` pending on it. */
function aDesk() {
  const world = aStore();
  const { clock, log, store } = world;
  const broker = createMemoryBroker(clock);
  const transport = createTransport({ bus: broker.connect(), clock, log }, { dataPlaneSetupMs: 250 });
  const desk = createInventoryDesk({ bus: broker.connect(), log, store, transport });
  putNode(store, NODE);
  deployJob(store, "j1");
  addExecution(store, { nodeId: NODE });
  desk.start();
  const tell = () =>
    broker.repeat({
      subject: subjectTo("inventory", NODE),
      payload: JSON.stringify({
        node_id: NODE,
        executions: [{ execution_id: "e1", state: "running", message: "" }],
      }),
    });
  return { ...world, transport, tell };
}

it("compares once the data plane is ready, and not before", () => {
  const { clock, log, store, transport, tell } = aDesk();
  transport.openDataPlane({ id: NODE, name: "edge1" });
  tell();
  expect(log.told("INVENTORY")).toEqual([]);
  clock.advance(250);
  expect(log.told("INVENTORY")).toEqual(["info INVENTORY: Compared"]);
  expect(store.execution("e1")?.observed.state).toBe("running");
});

it("keeps nothing of who has not shaken hands: anybody could fill the memory with it", () => {
  const { clock, log, transport, tell } = aDesk();
  tell();
  transport.openDataPlane({ id: NODE, name: "edge1" });
  clock.advance(250);
  expect(log.told("INVENTORY")).toEqual([]);
});
