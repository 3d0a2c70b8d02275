import { describe, expect, it } from "vitest";
import { createManualClock } from "../../test-kit/manual-clock.ts";
import { createMemoryBroker } from "../../test-kit/memory-bus.ts";
import { createRecordingLog } from "../../test-kit/recording-log.ts";
import type { EdgeCommand } from "../../protocol/messages.ts";
import { nodeSubject } from "../../protocol/subjects.ts";
import { NodeNotConnectedError } from "../contracts.ts";
import { createTransport } from "./transport.ts";

const NODE = { id: "n1", name: "edge1" };
const COMMAND: EdgeCommand = { kind: "stop_execution", execution_id: "e1", reason: "enough" };
const FIELDS = { execution_id: "e1", node_id: "n1" };

function aTransport() {
  const clock = createManualClock();
  const log = createRecordingLog();
  const broker = createMemoryBroker(clock);
  const transport = createTransport({ bus: broker.connect(), clock, log }, { dataPlaneSetupMs: 250 });
  return { clock, log, broker, transport, send: () => transport.publishAsync("n1", COMMAND, FIELDS) };
}

describe("a data plane", () => {
  it("is ready only after its set-up time, and says so", () => {
    const { transport, clock, log } = aTransport();
    expect(transport.dataPlane("n1")).toBe("none");
    transport.openDataPlane(NODE);
    clock.advance(249);
    expect(transport.dataPlane("n1")).toBe("setting-up");
    expect(log.lines).toEqual([]);
    clock.advance(1);
    expect(transport.dataPlane("n1")).toBe("ready");
    expect(log.lines).toEqual([
      {
        level: "info",
        message: "TRANSPORT: Data plane ready",
        fields: { node_id: "n1", node_name: "edge1" },
      },
    ]);
  });

  it("that is alive is kept when it is asked for again", () => {
    const { transport, clock, log } = aTransport();
    transport.openDataPlane(NODE);
    clock.advance(200);
    transport.openDataPlane(NODE);
    clock.advance(50);
    expect(transport.dataPlane("n1")).toBe("ready");
    transport.openDataPlane(NODE);
    expect(transport.dataPlane("n1")).toBe("ready");
    clock.advance(10_000);
    expect(log.told("TRANSPORT").length).toBe(1);
  });

  it("that is closed during its set-up never becomes ready", () => {
    const { transport, clock, log } = aTransport();
    transport.openDataPlane(NODE);
    transport.closeDataPlane("n1");
    clock.advance(10_000);
    expect(transport.dataPlane("n1")).toBe("none");
    expect(log.lines).toEqual([]);
  });

  it("that was closed is set up anew", () => {
    const { transport, clock } = aTransport();
    transport.openDataPlane(NODE);
    clock.advance(250);
    transport.closeDataPlane("n1");
    transport.closeDataPlane("n-unknown");
    transport.openDataPlane(NODE);
    expect(transport.dataPlane("n1")).toBe("setting-up");
    clock.advance(250);
    expect(transport.dataPlane("n1")).toBe("ready");
  });

  it("belongs to one node", () => {
    const { transport, clock } = aTransport();
    transport.openDataPlane(NODE);
    clock.advance(250);
    expect(transport.dataPlane("n2")).toBe("none");
  });
});

describe("publishing", () => {
  it("hands the message to the bus, on the node's own subject", () => {
    const { transport, clock, log, broker, send } = aTransport();
    transport.openDataPlane(NODE);
    clock.advance(250);
    send();
    expect(broker.published).toEqual([{ subject: nodeSubject("n1"), payload: JSON.stringify(COMMAND) }]);
    expect(log.lines.at(-1)).toEqual({
      level: "info",
      message: "PUBLISH: connection_exists=true connection_alive=true",
      fields: FIELDS,
    });
  });

  it("raises nothing when nobody listens: loss L1", () => {
    const { transport, clock, log, send } = aTransport();
    transport.openDataPlane(NODE);
    clock.advance(250);
    expect(send).not.toThrow();
    expect(log.lines.filter(({ level }) => level !== "info")).toEqual([]);
  });

  it.each([
    ["there is no data plane: loss L2", false, false],
    ["the data plane is not ready yet: loss L3", true, true],
  ])("is refused when %s", (_, opened, exists) => {
    const { transport, clock, log, broker, send } = aTransport();
    if (opened) transport.openDataPlane(NODE);
    clock.advance(249);
    expect(send).toThrow(new NodeNotConnectedError("n1"));
    expect(broker.published).toEqual([]);
    const fields = { ...FIELDS, connection_exists: exists, connection_alive: false };
    expect(log.lines).toEqual([
      {
        level: "warn",
        message: "PUBLISH: Node not connected - message will be LOST",
        fields: {
          ...fields,
          root_cause: "controlplane/orchestrator/dispatcher/dispatcher.ts reads events with onFailure=skip",
          issue: "github.com/expanso-io/expanso/issues/395",
        },
      },
      { level: "warn", message: "PUBLISH: Node not connected - returning ErrNodeNotConnected", fields },
    ]);
  });
});
