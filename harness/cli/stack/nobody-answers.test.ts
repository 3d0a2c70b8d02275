import { expect, it } from "vitest";
import type { StandingMachine } from "../../engines/engine.ts";
import { ControlError } from "../../systems/system.ts";
import { nobodyAnswers } from "./nobody-answers.ts";

const SYSTEM = { looksLeaveLinesOn: "orchestrator", brokerMachine: "nats" };
const CAUSE = new ControlError("node list: exit 1", { said: "expanso-cli: connection refused" });
const machine = (name: string, state: StandingMachine["state"] = "running", address = "10.0.0.2") => ({
  name,
  state,
  address: address === "" ? undefined : address,
  container: "c",
});

it.each([
  [
    "the broker that is not there",
    [machine("orchestrator")],
    "it does not answer; nats is killed",
    "repro up --name mine",
  ],
  [
    "each that is not as it should be",
    [machine("nats", "paused"), machine("orchestrator", "running", "")],
    "it does not answer; nats is paused, orchestrator is running, cut off",
    "repro up --name mine",
  ],
  [
    "what the CLI said, where everything is there",
    [machine("nats"), machine("orchestrator")],
    "expanso-cli: connection refused",
    "it may still be coming up: repro logs --name mine orchestrator",
  ],
])("tells %s", (_what, machines, seen, mend) => {
  const stack = { runId: "mine", memo: undefined, madeAtMs: 0, maker: undefined, machines };
  expect(nobodyAnswers(stack, SYSTEM, CAUSE)).toMatchObject({
    message: `ask the orchestrator of the stack "mine": ${seen}`,
    mend,
    cause: CAUSE,
  });
});
