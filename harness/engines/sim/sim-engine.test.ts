import { describe, expect, it } from "vitest";
import { bundledSystem } from "../../systems/bundled/bundled.ts";
import { PROFILES } from "../../timing/profile.ts";
import type { Engine, MachineLine } from "../engine.ts";
import { rehearse } from "./rehearsal.ts";
import { createSimEngine } from "./sim-engine.ts";
import { AmbientAccessError } from "./time/ambient-guard.ts";

const SHAPE = { edges: 2, timing: PROFILES["fast"]!.timing, fix: "none" };
const RUN = { runId: "r1", machines: bundledSystem.machines(SHAPE) };

describe("a simulated stack", () => {
  it("has its machines, none of them started", async () => {
    await using stack = await createSimEngine({ seed: 1 }).openStack(RUN);
    const names = ["nats", "orchestrator", "edge1", "edge2"];
    expect(stack.machines().map(({ name }) => name)).toEqual(names);
    expect(await Promise.all(stack.machines().map((machine) => machine.state()))).toEqual(
      names.map(() => "created"),
    );
    expect(stack.machine("edge1")).toBe(stack.machines()[2]);
    expect(() => stack.machine("nobody")).toThrow(
      "no machine nobody: there are nats, orchestrator, edge1, edge2",
    );
  });

  it("runs the programs of the images, in virtual time, and tells every line", async () => {
    const engine = createSimEngine({ seed: 1 });
    const lines: MachineLine[] = [];
    await using stack = await engine.openStack(RUN);
    stack.onLine((line) => lines.push(line));
    const beforeMs = engine.clock.nowMs();
    await Promise.all(stack.machines().map((machine) => machine.start()));
    await new Promise<void>((resolve) => {
      engine.clock.after(60_000, resolve);
    });
    expect(engine.clock.nowMs() - beforeMs).toBeGreaterThanOrEqual(60_000);
    const said = (machine: string, pattern: RegExp) =>
      lines.filter((line) => line.machine === machine && pattern.test(line.text));
    expect(said("nats", /Client connection created/)).toHaveLength(3);
    expect(said("orchestrator", /HANDSHAKE: Node handshake completed/)).toHaveLength(2);
    expect(said("edge1", / /).length).toBeGreaterThan(0);
    const times = lines.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(engine.happened()).toBeGreaterThan(200);
  });

  it("takes in another machine, of another name", async () => {
    await using stack = await createSimEngine({ seed: 1 }).openStack(RUN);
    const added = await stack.add(bundledSystem.edgeMachine("edge3", SHAPE));
    await added.start();
    expect(stack.machine("edge3")).toBe(added);
    await expect(stack.add(bundledSystem.edgeMachine("edge3", SHAPE))).rejects.toThrow(
      "two machines are called edge3",
    );
  });

  it("is not opened for an image without a program, and nothing stays forbidden", async () => {
    const unknown = { name: "m1", image: "unknown", args: [], env: {} };
    await expect(
      createSimEngine({ seed: 1 }).openStack({ runId: "r1", machines: [unknown] }),
    ).rejects.toThrow("the simulation has no program for image unknown");
    expect(Date.now()).toBeGreaterThan(0);
  });

  it("is the only one in its process", async () => {
    const stack = await createSimEngine({ seed: 1 }).openStack(RUN);
    const second = await createSimEngine({ seed: 2 })
      .openStack(RUN)
      .catch((error: unknown) => error);
    await stack[Symbol.asyncDispose]();
    expect(second).toMatchObject({ message: "a simulation runs already in this process: end it first" });
    await using _next = await createSimEngine({ seed: 2 }).openStack(RUN);
  });

  it("tells when an event fails, and stands still from then on", async () => {
    const engine = createSimEngine({ seed: 1 });
    await using stack = await engine.openStack(RUN);
    let later = false;
    engine.clock.after(1, () => {
      throw new TypeError("a defect");
    });
    engine.clock.after(2, () => (later = true));
    await expect(stack.failed).rejects.toThrow("a defect");
    expect(later).toBe(false);
  });

  it("stands still once it is removed", async () => {
    const engine = createSimEngine({ seed: 1 });
    const stack = await engine.openStack(RUN);
    const lines: MachineLine[] = [];
    stack.onLine((line) => lines.push(line));
    await Promise.all(stack.machines().map((machine) => machine.start()));
    await stack[Symbol.asyncDispose]();
    const seen = lines.length;
    await new Promise<void>((resolve) => void setImmediate(resolve));
    expect(lines).toHaveLength(seen);
    await stack[Symbol.asyncDispose]();
  });

  it("fails at its removal if anything reached for the real time, though the error was swallowed", async () => {
    const engine = createSimEngine({ seed: 1 });
    const stack = await engine.openStack(RUN);
    try {
      Date.now();
    } catch {
      // Swallowed.
    }
    await expect(stack[Symbol.asyncDispose]()).rejects.toBeInstanceOf(AmbientAccessError);
    expect(Date.now()).toBeGreaterThan(0);
  });
});

describe("the simulation as an engine", () => {
  it("needs no images, and its clocks agree", async () => {
    const engine = createSimEngine({ seed: 1 });
    await engine.prepare(bundledSystem.images, () => expect.unreachable());
    expect(engine).toMatchObject({ name: "sim", title: "simulation", skewMs: 0 });
  });

  it("runs the same whether it was prepared or not, and its preparation leaves nothing", async () => {
    const engine = createSimEngine({ seed: 1 });
    const unprepared = await linesOf(engine);
    await engine.prepare(bundledSystem.images, () => {});
    expect(Date.now()).toBeGreaterThan(0);
    expect(await linesOf(engine)).toBe(unprepared);
  });

  it("is prepared by a rehearsal in which a job is deployed, runs and is looked at", async () => {
    const engine = createSimEngine({ seed: 1 });
    const lines: string[] = [];
    const spied: Engine = {
      ...engine,
      openStack: async (spec) => {
        const stack = await engine.openStack(spec);
        stack.onLine(({ text }) => lines.push(text));
        return stack;
      },
    };
    await rehearse(spied);
    for (const pattern of [
      /JOB: Deployed/,
      /STATUS: Execution state changed .* to=running/,
      /GET .*executions/,
    ]) {
      expect(lines.filter((line) => pattern.test(line)).length).toBeGreaterThan(0);
    }
  });

  it("begins anew with every stack", async () => {
    const engine = createSimEngine({ seed: 1 });
    const first = await linesOf(engine);
    expect(first.length).toBeGreaterThan(1_000);
    expect(await linesOf(engine)).toBe(first);
  });
});

/** All that a cluster says in its first five seconds. */
async function linesOf(engine: Engine): Promise<string> {
  await using stack = await engine.openStack(RUN);
  const lines: string[] = [];
  stack.onLine(({ machine, text, atMs }) => lines.push(`${atMs} ${machine} ${text}`));
  await Promise.all(stack.machines().map((machine) => machine.start()));
  await new Promise<void>((resolve) => {
    engine.clock.after(5_000, resolve);
  });
  return lines.join("\n");
}
