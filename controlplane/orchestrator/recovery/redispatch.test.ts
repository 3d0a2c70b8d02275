import { describe, expect, it } from "vitest";
import { aNode, anEvaluation, anExecution, aSnapshot } from "../../test-kit/model-builders.ts";
import { redispatch } from "./redispatch.ts";

const join = anEvaluation({ trigger: "node-join" });
const picked = (snapshot: Parameters<typeof aSnapshot>[0]) => redispatch.redispatch?.(aSnapshot(snapshot));

describe("re-dispatch on node-join", () => {
  it("sends what is pending and wanted running on a connected node once more", () => {
    expect(picked({ evaluation: join, executions: [anExecution()] })).toEqual(["e1"]);
  });

  it("leaves alone what already runs", () => {
    expect(picked({ evaluation: join, executions: [anExecution({ observed: "running" })] })).toEqual([]);
  });

  it("leaves alone what is no longer wanted", () => {
    expect(picked({ evaluation: join, executions: [anExecution({ desired: "stopped" })] })).toEqual([]);
  });

  it.each(["disconnected", "lost"] as const)("sends nothing to a node that is %s", (connection) => {
    const nodes = [aNode("n1", { connection })];
    expect(picked({ evaluation: join, nodes, executions: [anExecution()] })).toEqual([]);
  });

  it.each(["job-update", "node-leave", "exec-update", "restart"] as const)(
    "does nothing at a look that was triggered by %s",
    (trigger) => {
      expect(picked({ evaluation: anEvaluation({ trigger }), executions: [anExecution()] })).toEqual([]);
    },
  );
});
