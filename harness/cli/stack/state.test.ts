import { expect, it } from "vitest";
import { aCluster } from "../../test-kit/a-cluster.ts";
import { PROFILES } from "../../timing/profile.ts";
import { tellingState } from "./state.ts";

it("tells what was done and proven; what did not bite is left to the error that ends the command", async () => {
  const { engine, system } = aCluster();
  const lines: string[] = [];
  const stack = await engine.openStack({ runId: "r1", machines: [] });
  const state = tellingState(
    { engine, stack, timing: PROFILES["fast"]!.timing },
    {
      system,
      scenarios: [],
      signal: new AbortController().signal,
      out: (line) => lines.push(line),
      err: () => {},
    },
  );
  const cut = { kind: "fault", fault: "cut", machines: ["edge1"] } as const;
  state.record({ kind: "step", verb: "cut", subject: "edge1 (off the network)" });
  state.record({ ...cut, bit: true, seen: "no endpoint" });
  state.record({ ...cut, bit: false, seen: "it was cut off already" });
  expect(lines).toEqual([
    expect.stringContaining("edge1 (off the network)"),
    expect.stringContaining("no endpoint"),
  ]);
});
