import { aboutEngine } from "../engines/docker/about.ts";
import type { Discovery } from "../engines/docker/discovery.ts";
import { lookAtImages } from "../engines/docker/images/look.ts";
import { findLeftovers } from "../engines/docker/clean.ts";
import { takenRanges } from "../engines/docker/stack/taken-ranges.ts";
import type { ImageSource } from "../engines/engine.ts";
import { character } from "./engine/character.ts";
import { engineDisk } from "./engine/disk.ts";
import { images } from "./engine/images.ts";
import { leftovers } from "./engine/leftovers.ts";
import { networks } from "./engine/networks.ts";
import { reached } from "./engine/reached.ts";
import { examine, type Examination } from "./examination.ts";
import type { Finding } from "./finding.ts";
import type { Host } from "./host.ts";
import { compose } from "./host/compose.ts";
import { natsServer } from "./host/nats-server.ts";
import { packages } from "./host/packages.ts";
import { pnpm } from "./host/pnpm.ts";
import { reports } from "./host/reports.ts";
import { runtime } from "./host/runtime.ts";
import { terminal } from "./host/terminal.ts";

export interface DoctorPorts {
  readonly host: Host;
  /** Looks for an engine; with a limit of its own for each place. */
  readonly findEngine: () => Promise<Discovery>;
  /** What containers are started from. */
  readonly images: readonly ImageSource[];
}

export interface DoctorOptions {
  /** As in every command: with `docker` it is a failure if there is none, with `sim` nobody asks for one. */
  readonly engine: "auto" | "docker" | "sim";
  /** How long one question may take. */
  readonly limitMs: number;
}

/** Looks at everything that a run needs, and changes nothing. */
export async function consult(ports: DoctorPorts, options: DoctorOptions): Promise<readonly Finding[]> {
  const { host } = ports;
  const tell = async <Facts>(examination: Examination<Facts>) =>
    (await examine(examination, options.limitMs)).findings;
  const [ofHost, ofEngine] = await Promise.all([
    Promise.all([
      tell(runtime(host)),
      tell(packages(host)),
      tell(pnpm(host)),
      tell(reports(host)),
      tell(natsServer(host)),
      tell(terminal(host)),
      tell(compose(host)),
    ]),
    options.engine === "sim" ? [] : consultEngine(ports, options),
  ]);
  return [...ofHost.flat(), ...ofEngine];
}

/** Five usual places, one after the other, each with a limit of its own. */
const PLACES = 5;

async function consultEngine(
  ports: DoctorPorts,
  { engine, limitMs }: DoctorOptions,
): Promise<readonly Finding[]> {
  const { host, findEngine } = ports;
  const found = await examine(reached(findEngine, { isNeeded: engine === "docker" }), (PLACES + 1) * limitMs);
  if (found.facts?.kind !== "found") return found.findings;
  const { docker, endpoint } = found.facts;
  const itself = await examine(
    character(async () => ({ about: await aboutEngine(docker), endpoint, host })),
    limitMs,
  );
  if (itself.facts === undefined) return [...found.findings, ...itself.findings];
  const seen = itself.facts;
  const { architecture } = seen.about;
  const { repository, env } = host;
  const lookAtOurs = async () => await lookAtImages({ docker, architecture, repository, env }, ports.images);
  const rest = await Promise.all([
    examine(images(lookAtOurs), limitMs),
    examine(engineDisk(seen, host), limitMs),
    examine(
      networks(seen, host, async () => await takenRanges(docker)),
      limitMs,
    ),
    examine(
      leftovers(async () => await findLeftovers(docker)),
      limitMs,
    ),
  ]);
  return [found, itself, ...rest].flatMap(({ findings }) => findings);
}
