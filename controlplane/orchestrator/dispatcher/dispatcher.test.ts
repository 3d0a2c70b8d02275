import { describe, expect, it } from "vitest";
import type { ExecutionChange, Recovery } from "../contracts.ts";
import type { EdgeCommand } from "../../protocol/messages.ts";
import type { LogFields } from "../../ports/log.ts";
import { addExecution, aStore, deployJob, putNode, type TestStore } from "../../test-kit/a-store.ts";
import { ENDLESS_PIPELINE } from "../../test-kit/model-builders.ts";
import { NodeNotConnectedError } from "../contracts.ts";
import { createWatcher } from "../event-log/watcher.ts";
import { noRecovery } from "../recovery/none.ts";
import { createDispatcher } from "./dispatcher.ts";

/** A dispatcher for `j1` on the node `n1`, whose transport takes everything, or refuses it. */
function aDispatcher({
  world = aStore(),
  dispatchFailure = "skip",
}: { world?: TestStore; dispatchFailure?: Recovery["dispatchFailure"] } = {}) {
  const { store, clock, log } = world;
  const sent: { nodeId: string; command: EdgeCommand; fields: LogFields }[] = [];
  const transport = { isUp: true };
  const dispatcher = createDispatcher({
    createWatcher: (options) => createWatcher({ clock, store, log }, options),
    store,
    transport: {
      openDataPlane: () => {},
      closeDataPlane: () => {},
      dataPlane: () => "ready",
      onReady: () => {},
      publishAsync: (nodeId, command, fields) => {
        if (!transport.isUp) throw new NodeNotConnectedError(nodeId);
        sent.push({ nodeId, command, fields });
      },
    },
    recovery: { ...noRecovery, dispatchFailure },
    log,
  });
  const set = (change: Partial<ExecutionChange>) => {
    store.change((writer) => writer.setExecution("e1", { by: "plan", ...change }));
    clock.advance(0);
  };
  const setUp = () => {
    putNode(store, "n1", { name: "edge1" });
    deployJob(store, "j1");
  };
  const commands = () => sent.map(({ command }) => `${command.kind} ${command.execution_id}`);
  return { ...world, dispatcher, transport, sent, commands, set, setUp };
}

/** The same, started, with `e1` placed and dispatched. */
function afterDispatch(options: Parameters<typeof aDispatcher>[0] = {}) {
  const world = aDispatcher(options);
  world.setUp();
  world.dispatcher.start();
  addExecution(world.store);
  world.clock.advance(0);
  return world;
}

const STOPPED = { state: "stopped", message: "enough" } as const;
const observed = (state: "running" | "completed" | "failed" | "stopped" | "cancelled") => ({
  observed: { state, message: "" },
});

describe("what is sent", () => {
  it("a new execution: the request to run it, with the pipeline of its version", () => {
    const { sent, log } = afterDispatch();
    const fields = {
      execution_id: "e1",
      node_id: "n1",
      node_name: "edge1",
      job: "j1-name",
      job_id: "j1",
      eval_id: "v0",
      command: "run_execution",
    };
    expect(sent).toEqual([
      {
        nodeId: "n1",
        command: {
          kind: "run_execution",
          execution_id: "e1",
          job_id: "j1",
          job_name: "j1-name",
          job_version: 1,
          pipeline: ENDLESS_PIPELINE,
        },
        fields,
      },
    ]);
    expect(log.lines).toEqual([{ level: "info", message: "DISPATCH: Attempting to send message", fields }]);
  });

  it("one that is running and no longer wanted: the request to stop it, with the reason", () => {
    const { sent, set } = afterDispatch();
    set({ ...observed("running"), by: "edge" });
    set({ desired: STOPPED });
    expect(sent.slice(1).map(({ command }) => command)).toEqual([
      { kind: "stop_execution", execution_id: "e1", reason: "enough" },
    ]);
  });

  it("one that is cancelled before any report: exactly one stop", () => {
    const { commands, set } = afterDispatch();
    set({ desired: STOPPED, ...observed("cancelled") });
    expect(commands()).toEqual(["run_execution e1", "stop_execution e1"]);
  });

  it("one that is cancelled before it was even dispatched: a stop all the same, and no request", () => {
    const world = aDispatcher();
    world.setUp();
    world.dispatcher.start();
    addExecution(world.store);
    world.set({ desired: STOPPED, ...observed("cancelled") });
    expect(world.commands()).toEqual(["stop_execution e1"]);
  });

  it("one that is to be dispatched again: the request, if it is still pending", () => {
    const { store, clock, commands, set } = afterDispatch();
    const again = () => {
      store.change((writer) =>
        writer.logEvent({ kind: "execution-redispatch", executionId: "e1", jobId: "j1", nodeId: "n1" }),
      );
      clock.advance(0);
    };
    again();
    expect(commands()).toEqual(["run_execution e1", "run_execution e1"]);
    set({ ...observed("running"), by: "edge" });
    again();
    expect(commands().length).toBe(2);
  });
});

describe("what is not sent", () => {
  it.each<[string, Partial<ExecutionChange>[]]>([
    ["a report", [{ ...observed("running"), by: "edge" }]],
    [
      "the end of what ran, as its edge tells it",
      [
        { ...observed("running"), by: "edge" },
        { ...observed("completed"), by: "edge" },
      ],
    ],
    ["an execution failed with its lost node", [{ desired: STOPPED, ...observed("failed") }]],
    ["an execution that had ended when it was found unwanted", [observed("completed"), { desired: STOPPED }]],
  ])("%s", (_, changes) => {
    const { commands, set } = afterDispatch();
    for (const change of changes) set(change);
    expect(commands()).toEqual(["run_execution e1"]);
  });

  it("what the execution was when the event was written: it goes by what it is", () => {
    const world = aDispatcher();
    world.setUp();
    world.dispatcher.start();
    addExecution(world.store);
    world.set({ ...observed("completed"), by: "edge" });
    expect(world.commands()).toEqual([]);
  });

  it("an execution that was removed with its job", () => {
    const world = aDispatcher();
    world.setUp();
    world.dispatcher.start();
    addExecution(world.store);
    world.store.change((writer) => writer.removeJob("j1"));
    world.clock.advance(0);
    expect(world.commands()).toEqual([]);
  });

  it("loss L4: what happened while the orchestrator was down", () => {
    const world = aStore();
    const before = aDispatcher({ world });
    before.setUp();
    before.dispatcher.start();
    addExecution(world.store);
    // Down before the event was dealt with.
    before.dispatcher.stop();
    const after = aDispatcher({ world });
    after.dispatcher.start();
    addExecution(world.store, { id: "e2" });
    world.clock.advance(60_000);
    expect([before.commands(), after.commands()]).toEqual([[], ["run_execution e2"]]);
    expect(world.store.checkpoint("dispatcher")).toBeUndefined();
  });
});

describe("a message that cannot be sent", () => {
  it("skip: is never sent again, and the log says so; the next one is", () => {
    const world = aDispatcher();
    world.setUp();
    world.dispatcher.start();
    world.transport.isUp = false;
    addExecution(world.store);
    world.clock.advance(0);
    world.transport.isUp = true;
    world.clock.advance(3_600_000);
    addExecution(world.store, { id: "e2" });
    world.clock.advance(0);
    expect(world.commands()).toEqual(["run_execution e2"]);
    expect(world.dispatcher.blockedAt()).toBeUndefined();
    expect(world.log.told("DISPATCH")).toEqual([
      "info DISPATCH: Attempting to send message",
      "error DISPATCH: Failed to send message - EVENT WILL BE SKIPPED",
      "info DISPATCH: Attempting to send message",
    ]);
    expect(world.log.fields("DISPATCH: Failed")).toEqual([
      {
        execution_id: "e1",
        node_id: "n1",
        node_name: "edge1",
        job: "j1-name",
        job_id: "j1",
        eval_id: "v0",
        command: "run_execution",
        error: "NodeNotConnectedError: ErrNodeNotConnected: no data plane for node n1",
      },
    ]);
  });

  it("block: is tried until it can be, and holds up everybody else's", () => {
    const world = aDispatcher({ dispatchFailure: "block" });
    world.setUp();
    world.dispatcher.start();
    world.transport.isUp = false;
    addExecution(world.store);
    addExecution(world.store, { id: "e2", nodeId: "n2" });
    world.clock.advance(2_000);
    expect(world.dispatcher.blockedAt()).toMatchObject({ executionId: "e1" });
    expect(world.log.told("DISPATCH: Failed")).toEqual(
      Array.from({ length: 4 }, () => "warn DISPATCH: Failed to send message - event will be retried"),
    );
    world.transport.isUp = true;
    world.clock.advance(400);
    expect(world.commands()).toEqual(["run_execution e1", "run_execution e2"]);
  });

  it("block: reads the execution anew each time, so that what is no longer needed holds up nobody", () => {
    const world = aDispatcher({ dispatchFailure: "block" });
    world.setUp();
    world.dispatcher.start();
    world.transport.isUp = false;
    addExecution(world.store);
    world.clock.advance(0);
    world.set({ desired: STOPPED, ...observed("failed") });
    world.clock.advance(200);
    expect(world.dispatcher.blockedAt()).toBeUndefined();
    expect(world.commands()).toEqual([]);
  });
});
