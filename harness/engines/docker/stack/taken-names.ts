import type Docker from "dockerode";
import { EnvironmentError } from "../../../errors.ts";
import { LABELS } from "../labels.ts";
import { containerName } from "./container.ts";
import { listThings } from "./ours.ts";

/** Something that has a name which a stack is to give to something of its own. */
export interface Taken {
  readonly kind: "network" | "container" | "volume";
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The name of a stack that is kept is somebody's choice, and so may be somebody else's, too. The engine gives a network's
 * name twice, and a volume that is there it hands out with what is in it: so this asks first.
 * @param machines their names; with that of the network they make those of the containers and volumes.
 * @throws EnvironmentError naming what has such a name, whose it is, and how to see it and remove it.
 */
export async function refuseTakenNames(
  docker: Docker,
  network: string,
  machines: readonly string[],
): Promise<void> {
  const { networks, containers, volumes } = await listThings(
    docker,
    `see whether the names of ${network} are free`,
    { name: [network] },
  );
  const there: Taken[] = [
    ...networks.map(({ Name: name, Labels: labels }) => ({ kind: "network" as const, name, labels })),
    ...containers.flatMap(({ Names: names, Labels: labels }) =>
      names.map((name) => ({ kind: "container" as const, name: name.replace(/^\//, ""), labels })),
    ),
    ...volumes.map(({ Name: name, Labels: labels }) => ({ kind: "volume" as const, name, labels })),
  ].map((thing) => ({ ...thing, labels: (thing.labels as typeof thing.labels | null) ?? {} }));
  const [first, ...others] = there.filter((thing) => isInTheWay(thing, network, machines));
  if (first !== undefined) throw taken(first, others);
}

/** What is ours by its label is of a stack that stands, or comes up; that is told elsewhere. */
export function isInTheWay(
  { kind, name, labels }: Taken,
  network: string,
  machines: readonly string[],
): boolean {
  if (labels[LABELS.run] !== undefined) return false;
  if (kind === "network") return name === network;
  const own = kind === "container" ? name : name.replace(/-data\d+$/, "");
  return (
    machines.some((machine) => own === containerName(network, machine)) &&
    (kind === "container" || own !== name)
  );
}

function taken({ kind, name, labels }: Taken, others: readonly Taken[]): EnvironmentError {
  const more =
    others.length === 0
      ? ""
      : `; there is also ${others.map((other) => `${other.kind} ${other.name}`).join(", ")}`;
  return new EnvironmentError({
    wanted: `make the ${kind} ${name}`,
    seen: `there is one of that name, ${whose(labels)}${more}`,
    mend:
      `docker ${kind} inspect ${name}; if nobody needs it: docker ${kind} rm ${kind === "container" ? "-f " : ""}${name}; ` +
      "or take another --name",
  });
}

/** As far as it says. */
function whose(labels: Readonly<Record<string, string>>): string {
  const project = labels["com.docker.compose.project"];
  if (project !== undefined) return `made by docker compose, project ${project}`;
  return "not made by this program";
}
