import type { StandingMachine } from "../engines/engine.ts";
import { list } from "../text/list.ts";

/** What makes a machine whole again. */
export interface Repair {
  readonly machine: string;
  readonly do: "recreate" | "start" | "resume" | "heal";
}

/** Whatever was done to the machines, undone, in the order in which they are named; nothing for what is well. */
export function repairs(wanted: readonly string[], machines: readonly StandingMachine[]): readonly Repair[] {
  return wanted.flatMap((name): Repair[] => {
    const machine = machines.find((one) => one.name === name);
    const isCut = machine?.address === undefined;
    switch (machine?.state) {
      case undefined:
      case "absent":
        return [{ machine: name, do: "recreate" }];
      case "created":
      case "exited":
        return [{ machine: name, do: "start" }];
      case "paused":
        // On the network first: what is thawed off it would only begin to miss it.
        return [...(isCut ? [{ machine: name, do: "heal" } as const] : []), { machine: name, do: "resume" }];
      case "running":
        return isCut ? [{ machine: name, do: "heal" }] : [];
    }
  });
}

const DONE: Readonly<Record<Repair["do"], string>> = {
  recreate: "recreated",
  start: "started",
  resume: "thawed",
  heal: "healed",
};

/** For people: what was done to which machines. */
export function sayRepairs(repairs: readonly Repair[]): string {
  const parts = [...Map.groupBy(repairs, (repair) => repair.do)].map(
    ([deed, of]) => `${DONE[deed]} ${list(of.map(({ machine }) => machine))}`,
  );
  return parts.join("; ");
}

/** Running, and to be reached. */
export function isUp({ state, address }: Pick<StandingMachine, "state" | "address">): boolean {
  return state === "running" && address !== undefined;
}

/** For people: what has become of it. */
export function sayState({ state, address }: StandingMachine): string {
  const isOff = address === undefined && (state === "running" || state === "paused");
  const word = state === "absent" ? "killed" : state === "exited" ? "stopped" : state;
  return isOff ? `${word}, cut off` : word;
}
