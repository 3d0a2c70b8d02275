import { describe, expect, it } from "vitest";
import type { StandingStack } from "../engines/engine.ts";
import { EnvironmentError, UsageError } from "../errors.ts";
import { aCluster } from "../test-kit/a-cluster.ts";
import { PROFILES } from "../timing/profile.ts";
import {
  checkGone,
  checkName,
  chooseMachines,
  chooseStack,
  commandFor,
  machinesOf,
  madeOf,
  madeOfIfKnown,
} from "./choose.ts";
import { writeMemo } from "./memo.ts";
import { differences, sayShape } from "./shape.ts";

const { system } = aCluster();
const systemOf = (name: string) => (name === system.name ? system : undefined);
const FAST = PROFILES["fast"]!.timing;
const shape = { edges: 2, timing: FAST, fix: "none" };

describe("the stack that is meant", () => {
  it("is the one that is named", () => {
    expect(chooseStack([aStack("a"), aStack("b")], "b").runId).toBe("b");
  });

  it("is the default one where none is named, or else the only one", () => {
    expect(chooseStack([aStack("a"), aStack("default")], undefined).runId).toBe("default");
    expect(chooseStack([aStack("a")], undefined).runId).toBe("a");
  });

  it.each([
    ["no name and several", ["a", "b"], undefined, "there are several stacks, say --name and which: a, b"],
    [
      "a slip",
      ["mine", "other"],
      "mien",
      'there is no stack "mien" (did you mean "mine"?); there are mine, other; start it: repro up --name mien',
    ],
    [
      "a name and no stack",
      [],
      "mine",
      'there is no stack "mine"; there is none at all; start it: repro up --name mine',
    ],
  ])("is not guessed: %s", (_what, names, name, message) => {
    expect(() => chooseStack(names.map(aStack), name)).toThrow(message);
  });

  it("is missing, rather than mistaken, where none stands and none was named", () => {
    expect(() => chooseStack([], undefined)).toThrow(
      new EnvironmentError({ wanted: "a stack", seen: "none stands", mend: "repro up" }),
    );
    expect(() => chooseStack([], "mine")).toThrow(UsageError);
  });

  it.each(["", "A", "-a", "a/b", "x".repeat(41)])("is not called %j", (name) => {
    expect(() => checkName(name)).toThrow(`--name: got "${name}", accepted are`);
  });

  it("is named in the commands that are suggested, unless it is the default one", () => {
    expect(commandFor("default", "cli node list")).toBe("repro cli node list");
    expect(commandFor("mine", "cli node list")).toBe("repro cli --name mine node list");
  });
});

describe("its machines", () => {
  it("are those of its shape, and those that joined later", () => {
    const stack = { ...aStack("a"), machines: ["nats", "edge3"].map(aMachine) };
    const names = machinesOf(stack, madeOf(stack, systemOf)).map(({ name }) => name);
    expect(names).toEqual(["nats", "orchestrator", "edge1", "edge2", "edge3"]);
  });

  it.each([
    ["of another version", "x", 'the stack "a" was made by another version of this program; it can be'],
    [
      "of another system",
      writeMemo({ system: "other", shape }),
      'the stack "a" is of another system, other; it',
    ],
  ])("are not guessed for one %s", (_what, memo, message) => {
    expect(() => madeOf({ ...aStack("a"), memo }, systemOf)).toThrow(message);
    expect(madeOfIfKnown({ ...aStack("a"), memo }, systemOf)).toBeUndefined();
  });

  const KNOWN = ["nats", "orchestrator", "edge1", "edge2"];

  it.each([
    [
      ["edge2", "nats", "edge2"],
      ["nats", "edge2"],
    ],
    [["edges"], ["edge1", "edge2"]],
    [
      ["orchestrator", "edges"],
      ["orchestrator", "edge1", "edge2"],
    ],
  ])("%j are %j, each once and in order", (given, chosen) => {
    expect(chooseMachines(given, KNOWN, system)).toEqual(chosen);
  });

  it("are suggested after a slip", () => {
    expect(() => chooseMachines(["edges"], ["nats", "orchestrator"], system)).toThrow(
      "there are no edges in this stack; accepted are nats, orchestrator",
    );
    expect(() => chooseMachines(["egde1"], KNOWN, system)).toThrow(
      'there is no machine "egde1" (did you mean "edge1"?); accepted are nats, orchestrator, edge1, edge2, or edges for all of them',
    );
  });
});

describe("what is to be recreated", () => {
  const killed = { ...aMachine("edge2"), state: "absent" as const };
  const stack = { ...aStack("mine"), machines: [aMachine("edge1"), killed, aMachine("edge3")] };

  it("has to be gone, with or without a disk that it has left", () => {
    expect(() => checkGone(["edge2", "edge4"], stack)).not.toThrow();
  });

  it.each([
    [["edge1", "edge2"], "edge1 is still there; before a recreation: repro kill --name mine edge1"],
    [
      ["edge1", "edge3"],
      "edge1, edge3 are still there; before a recreation: repro kill --name mine edge1 edge3",
    ],
  ])("is refused beforehand if it is not: %j", (machines, message) => {
    expect(() => checkGone(machines, stack)).toThrow(new UsageError(message));
  });
});

describe("the shape", () => {
  it("is told as it would be asked for", () => {
    expect(sayShape(shape)).toBe("2 edges · timing fast · fix none");
    expect(sayShape({ ...shape, edges: 1, avoid: "same-job" })).toBe(
      "1 edge · timing fast · fix none · avoid same-job",
    );
  });

  it("differs only in what was asked for", () => {
    expect(differences(shape, {})).toEqual([]);
    expect(differences(shape, { edges: 2, timing: { ...FAST }, fix: "none" })).toEqual([]);
    expect(
      differences(shape, { edges: 3, timing: PROFILES["default"]!.timing, fix: "pull", avoid: "same-job" }),
    ).toEqual([
      "edges 2, not 3",
      "timing fast, not default",
      "fix none, not pull",
      "avoid as it comes, not same-job",
    ]);
  });
});

function aStack(runId: string): StandingStack {
  const memo = writeMemo({ system: system.name, shape });
  return { runId, memo, madeAtMs: 0, maker: undefined, machines: [] };
}

function aMachine(name: string) {
  return { name, state: "running" as const, address: "10.201.0.2", container: "c" };
}
