import type Docker from "dockerode";
import { EnvironmentError } from "../../errors.ts";
import { wanting } from "./api-errors.ts";
import { skewMs } from "./clock.ts";

/** What an engine says of itself, as far as the harness has to know. */
export interface EngineAbout {
  /** `20.10.24`, without how it was packaged. */
  readonly version: string;
  /** The newest version of the API that it speaks: `1.41`. */
  readonly apiVersion: string;
  /** Of the machine that it runs on: a virtual one has a name of its own. */
  readonly hostName: string;
  /** `Debian GNU/Linux 12 (bookworm)`, `Docker Desktop` */
  readonly operatingSystem: string;
  /** In its words: `x86_64`. */
  readonly architecture: string;
  readonly storageDriver: string;
  /** The folder in which it keeps everything, on its own machine. */
  readonly rootFolder: string;
  /** `1` or `2`. */
  readonly cgroupVersion: string;
  /** `systemd`, `cgroupfs`, `none` */
  readonly cgroupDriver: string;
  readonly isRootless: boolean;
  /** Where networks without an address range of their own get one; undefined: as Docker comes. */
  readonly pools: readonly AddressPool[] | undefined;
  /** How far its clock is ahead of ours. */
  readonly skewMs: number;
}

export interface AddressPool {
  /** `172.17.0.0/16` */
  readonly base: string;
  /** Bits of the networks that it is cut into. */
  readonly size: number;
}

/** @throws EnvironmentError, also where something answers that is no Docker. */
export async function aboutEngine(docker: Docker): Promise<EngineAbout> {
  const version: unknown = await wanting("ask the engine for its version", docker.version());
  const askedMs = Date.now();
  const info: unknown = await wanting("ask the engine about itself", docker.info());
  return readAbout(version, info, { askedMs, answeredMs: Date.now() });
}

export function readAbout(
  version: unknown,
  info: unknown,
  at: { readonly askedMs: number; readonly answeredMs: number },
): EngineAbout {
  const of = fields(version);
  const about = fields(info);
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const list = (value: unknown) => (Array.isArray(value) ? (value as readonly unknown[]) : []);
  const read = {
    version: text(of["Version"]).split("+")[0]!,
    apiVersion: text(of["ApiVersion"]),
    architecture: text(about["Architecture"]),
    storageDriver: text(about["Driver"]),
  };
  const missing = Object.entries(read).find(([, value]) => value === "")?.[0];
  if (missing !== undefined) {
    throw new EnvironmentError({
      wanted: "ask the engine about itself",
      seen: `something answers there, but not as Docker does: it has no ${missing}`,
      mend: "see what listens there: docker info",
    });
  }
  const pools = about["DefaultAddressPools"];
  return {
    ...read,
    hostName: text(about["Name"]),
    operatingSystem: text(about["OperatingSystem"]),
    rootFolder: text(about["DockerRootDir"]),
    // Before 20.10 it was not said, and there was only the one.
    cgroupVersion: text(about["CgroupVersion"]) || "1",
    cgroupDriver: text(about["CgroupDriver"]),
    isRootless: list(about["SecurityOptions"]).includes("name=rootless"),
    pools: Array.isArray(pools) ? pools.map(readPool) : undefined,
    skewMs: skewMs({ ...at, engineTime: text(about["SystemTime"]) }),
  };
}

function readPool(pool: unknown): AddressPool {
  const { Base: base, Size: size } = fields(pool);
  return { base: String(base), size: Number(size) };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
