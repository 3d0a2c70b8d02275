import { posix } from "node:path";
import type { MachineSpec } from "../../engines/engine.ts";
import { doubleQuoted, quote } from "./shell.ts";

/** The machines of a script, as containers. */
export interface Containers {
  readonly machines: readonly MachineSpec[];
  /** By `MachineSpec.image`: the tag by which people find it. */
  readonly tags: ReadonlyMap<string, string>;
  /** Machines keep their addresses: a cut is only a cut if the machine comes back under the one it had. */
  readonly hasAddresses: boolean;
  /** This machine's environment is the setting of the script: each can be changed from outside. */
  readonly settings: string;
  /** Before a machine is started on a new volume, a function `give` has to be called for it. */
  readonly areGiven: boolean;
}

/** The settings at the top, each with the value that the run had. */
export function settingsOf({ machines, settings }: Containers): string[] {
  const env = machines.find(({ name }) => name === settings)?.env ?? {};
  return Object.entries(env).map(([name, value]) => `export ${name}="\${${name}:-${doubleQuoted(value)}}"`);
}

/** The network that they are on. */
export function networkLines({ hasAddresses, machines }: Containers): string[] {
  if (!hasAddresses) return ['docker network create --label "$PROJECT" --label "$LABEL" "$RUN" >/dev/null'];
  return [
    `machines="${machines.map(({ name }) => name).join(" ")}"`,
    "for _ in 1 2 3 4 5; do # an address range that nobody has yet",
    "  net=10.202.$((RANDOM % 256))",
    '  docker network create --label "$PROJECT" --label "$LABEL" --subnet "$net.0/24" "$RUN" >/dev/null && break',
    "done",
  ];
}

/** The functions that make and remove containers, by name. */
export function containerFunctions(containers: Containers): Readonly<Record<string, string>> {
  const ip = containers.hasAddresses ? ' --ip "$(address "$name")"' : "";
  return {
    ...(containers.hasAddresses ? { address: ADDRESS } : {}),
    run: `run() {
  docker run --detach --label "$PROJECT" --label "$LABEL" --name "$RUN-$name" --hostname "$name" \\
    --network "$RUN" --network-alias "$name"${ip} "$@" >/dev/null &
}`,
    start: `# start MACHINE…: a container each, all at once, on the volume of that machine if it has one.
start() {
  local name job${containers.areGiven ? GIVING : ""}
  for name; do
    case $name in
${armsOf(containers).join("\n")}
    esac
  done
  for job in $(jobs -p); do wait "$job"; done
}`,
    wipe: wipeOf(containers),
  };
}

const GIVING = ` new=()
  for name; do docker volume inspect "$RUN-$name" >/dev/null 2>&1 || new+=("$name"); done
  [ \${#new[@]} = 0 ] || give "\${new[@]}"`;

const ADDRESS = `# address MACHINE: always the same, so that it comes back from a cut under the one that it had.
address() {
  local at=2 name
  for name in $machines; do
    [ "$name" != "$1" ] || echo "$net.$at"
    at=$((at + 1))
  done
}`;

/** One arm for all machines that differ in nothing but their names. */
function armsOf(containers: Containers): string[] {
  const byCommand = Map.groupBy(containers.machines, (machine) => commandOf(machine, containers));
  return [...byCommand].flatMap(([command, machines]) => [
    `      ${machines.map(({ name }) => name).join(" | ")})`,
    ...command.split("\n").map((line) => `        ${line}`),
    "        ;;",
  ]);
}

function commandOf(machine: MachineSpec, { tags, settings }: Containers): string {
  const { name, env, data, args } = machine;
  const words = [
    ...(data === undefined ? [] : [`--mount ${mountOf(data.path)}`]),
    ...Object.entries(env).map(([variable, value]) =>
      name === settings
        ? `--env ${variable}`
        : `--env "${variable}=${doubleQuoted(value).replaceAll(name, "$name")}"`,
    ),
  ];
  const image = [tags.get(machine.image) ?? machine.image, ...args].map(quote).join(" ");
  return ["run", ...words, image].join(words.length === 0 ? " " : " \\\n  ");
}

function mountOf(path: string): string {
  return `"type=volume,source=$RUN-$name,target=${path},volume-label=$PROJECT,volume-label=$LABEL"`;
}

/** The files that say who a machine is leave its volume through a container that never runs, and come back the same way. */
function wipeOf({ machines, tags }: Containers): string {
  const machine = machines.find(({ data }) => data !== undefined && data.identity.length > 0);
  if (machine?.data === undefined) return "";
  const { path, identity } = machine.data;
  const reader = `docker create --name "$RUN-reader" --label "$PROJECT" --label "$LABEL" \\
      --mount ${mountOf(path)} ${quote(tags.get(machine.image) ?? machine.image)}`;
  const files = identity.map((file) => posix.join(path, file));
  return `# wipe MACHINE…: an empty volume in the place of the one that it has, but for what says who it is. It is reached
# through a container that never runs.
wipe() {
  local name kept
  kept=$(mktemp -d)
  for name; do
    ${reader}
${files.map((file) => `    docker cp --archive "$RUN-reader:${file}" "$kept/"`).join("\n")}
    docker rm "$RUN-reader" && docker volume rm "$RUN-$name"
    ${reader}
${files.map((file) => `    docker cp --archive "$kept/${posix.basename(file)}" "$RUN-reader:${posix.dirname(file)}/"`).join("\n")}
    docker rm "$RUN-reader"
  done
  rm -r "$kept"
}`;
}
