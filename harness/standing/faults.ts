import type { FaultProof, Identity, Machine } from "../engines/engine.ts";
import { createEdges } from "../scenario/edges.ts";
import { inflict } from "../scenario/fault.ts";
import type { RunState } from "../scenario/run-state.ts";
import { createBroker, createOrchestrator } from "../scenario/server.ts";
import { isEdge } from "../systems/system.ts";

export type FaultVerb = "kill" | "recreate" | "restart" | "pause" | "resume" | "cut" | "heal";

export interface Deed {
  readonly verb: FaultVerb;
  readonly machines: readonly string[];
  readonly identity: Identity;
  /** Machines that run and can be reached; what is not among them has no connection that could open or close. */
  readonly up: ReadonlySet<string>;
}

/** As `docker stop` has it. */
const GRACE_MS = 10_000;

/**
 * What scenarios do to machines, done by hand: proven in the same way, by whatever can witness it in the state in
 * which somebody has brought the cluster.
 * @throws RunAborted if it did not bite.
 */
export async function inflictByHand(state: RunState, deed: Deed): Promise<void> {
  const { verb, machines, identity, up } = deed;
  const { brokerMachine: broker } = state.system;
  const plainly = (
    how: string,
    act: (machine: Machine) => Promise<FaultProof>,
    witness?: "opened" | "closed",
  ) =>
    inflict(state, {
      act: verb === "recreate" ? { do: verb, machines, identity } : { do: verb, machines },
      how,
      inflict: act,
      broker: witness,
    });
  switch (verb) {
    case "kill": {
      const isWitnessed = !machines.includes(broker) && [broker, ...machines].every((name) => up.has(name));
      return await plainly("rm -f", (machine) => machine.kill(), isWitnessed ? "closed" : undefined);
    }
    case "recreate":
      return await recreateInOrder(state, deed);
    case "restart":
      return await plainly("stopped, and started again", (machine) => machine.restart({ graceMs: GRACE_MS }));
    case "pause":
      return await plainly("frozen", (machine) => machine.pause());
    case "resume":
      return await plainly("thawed", (machine) => machine.resume());
    case "cut":
      return await plainly("off the network", (machine) => machine.cut());
    case "heal":
      return await plainly("back on the network", (machine) => machine.heal());
  }
}

/** Whom others connect to comes first; each is waited for if those are there that can tell of its return. */
async function recreateInOrder(state: RunState, { machines, identity, up }: Deed): Promise<void> {
  const { brokerMachine: broker, looksLeaveLinesOn: orchestrator } = state.system;
  const there = new Set(up);
  const unwitnessed = (names: readonly string[], how: string, identity: Identity) =>
    inflict(state, {
      act: { do: "recreate", machines: names, identity },
      how,
      inflict: (machine) => machine.recreate({ identity }),
    });
  if (machines.includes(broker)) {
    await (there.has(orchestrator)
      ? createBroker(state).recreate()
      : unwitnessed([broker], "nobody is there to connect to it", "kept"));
    there.add(broker);
  }
  if (machines.includes(orchestrator)) {
    await (there.has(broker)
      ? createOrchestrator(state).recreate()
      : unwitnessed([orchestrator], "same data; there is no broker", "kept"));
    there.add(orchestrator);
  }
  const edges = machines.filter(isEdge(state.system));
  if (edges.length === 0) return;
  await (there.has(broker) && there.has(orchestrator)
    ? createEdges(state, edges).recreate({ identity })
    : unwitnessed(edges, "nobody is there to shake hands with", identity));
}
