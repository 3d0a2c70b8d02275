import type Docker from "dockerode";
import { cutOffParts } from "../../harness/engines/docker/images/cut-off.ts";
import { startRepro } from "../command.ts";
import { isOf, thingsOf } from "./things.ts";

/** A harness that was killed, and what it left. */
export interface Killed {
  readonly pid: number;
  /** It had ended before. */
  readonly late: boolean;
  /** What it did last, in its own words: `start`, `kill`, `prove`; what came before is `prepare`, after the verdict `end`. */
  readonly during: string;
  readonly left: Left;
}

export type Left = Readonly<Record<"containers" | "networks" | "volumes" | "images", number>>;

/** Starts the command and sends it SIGKILL so many milliseconds later. */
export async function killAfter(
  docker: Docker,
  at: {
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly afterMs: number;
  },
): Promise<Killed> {
  const command = startRepro(at.args, at.env);
  // The moment is the point: whatever is under way then is what is cut off.
  const timer = setTimeout(() => command.signal("SIGKILL"), at.afterMs);
  const { signal, stdout } = await command.ended;
  clearTimeout(timer);
  return {
    pid: command.pid,
    late: signal !== "SIGKILL",
    during: lastDeed(stdout),
    left: await leftBy(docker, command.pid),
  };
}

/** Everything on the engine that carries the label of that process. */
export async function leftBy(docker: Docker, pid: number): Promise<Left> {
  const [{ containers, networks, volumes }, images] = await Promise.all([
    thingsOf(docker, pid),
    docker.listImages({ all: true }),
  ]);
  return {
    containers: containers.length,
    networks: networks.length,
    volumes: volumes.length,
    images: cutOffParts(images).filter(({ owner }) => isOf(owner, pid)).length,
  };
}

export const NOTHING_LEFT: Left = { containers: 0, networks: 0, volumes: 0, images: 0 };

/** Whether there is anything. */
export function isSomething(left: Left): boolean {
  return Object.values(left).some((count) => count > 0);
}

function lastDeed(stdout: string): string {
  if (/^(?:VIOLATED|HELD|UNKNOWN)/m.test(stdout)) return "end";
  const deeds = [...stdout.matchAll(/^ +\d+\.\d+s {2}(?<deed>[a-z]+) /gm)].map(
    (match) => match.groups?.["deed"],
  );
  return deeds.findLast((deed) => deed !== "log") ?? (/^claim /m.test(stdout) ? "open" : "prepare");
}
