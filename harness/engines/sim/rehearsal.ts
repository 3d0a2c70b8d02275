import { bundledSystem } from "../../systems/bundled/bundled.ts";
import { PROFILES } from "../../timing/profile.ts";
import type { Engine } from "../engine.ts";

/** What starts, shakes hands and reports has done so by then, in virtual time. */
const PLENTY_MS = 2_000;

const JOB = {
  name: "rehearsal.json",
  text: JSON.stringify({
    name: "rehearsal",
    type: "pipeline",
    config: {
      input: { generate: { interval: "1s", mapping: 'root.message = "rehearsal"' } },
      output: { stdout: {} },
    },
  }),
};

/**
 * Has everything done once that a run does, on a cluster of one edge. Code is compiled when it is first called:
 * the first run of a process takes twice as long as the second, and nobody should take that for the system's
 * own slowness. It judges nothing, and leaves nothing but compiled code.
 */
export async function rehearse(engine: Engine): Promise<void> {
  const { timing } = PROFILES["fast"]!;
  const machines = bundledSystem.machines({ edges: 1, timing, fix: "none" });
  await using stack = await engine.openStack({ runId: "rehearsal", machines });
  const control = bundledSystem.connect(stack);
  const read = bundledSystem.createLineReader();
  stack.onLine((line) => void read(line));
  await Promise.all(machines.map(({ name }) => stack.machine(name).start()));
  await pass();
  await control.deploy(JOB, { force: false });
  await pass();
  await control.look();

  function pass(): Promise<void> {
    return new Promise((resolve) => {
      engine.clock.after(PLENTY_MS, resolve);
    });
  }
}
