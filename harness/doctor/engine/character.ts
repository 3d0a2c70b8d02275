import type { EngineAbout } from "../../engines/docker/about.ts";
import { architectureNames } from "../../engines/docker/bases/base.ts";
import { describeEndpoint, type Endpoint } from "../../engines/docker/discovery/endpoint.ts";
import type { Check, Examination } from "../examination.ts";
import { broken, note, ok, type Judgement } from "../finding.ts";
import { KNOWN_FAULTS } from "./known-faults.ts";
import { compareVersions } from "./version.ts";

/** An engine, and where we are. */
export interface EngineSeen {
  readonly about: EngineAbout;
  readonly endpoint: Endpoint;
  readonly host: { readonly name: string; readonly platform: string; readonly arch: string };
}

/** What follows from what the engine says of itself. */
export function character(ask: () => Promise<EngineSeen>): Examination<EngineSeen> {
  return {
    id: "engine-info",
    asks: "Does the engine say what it is?",
    why: "Nothing else can be asked of one that does not.",
    mend: "docker info; if that hangs, too, restart the engine",
    ask,
    checks: CHARACTER,
  };
}

const CHARACTER: readonly Check<EngineSeen>[] = [
  {
    id: "engine-version",
    asks: "Does it speak a version of the API that is new enough?",
    why: "A kill waits until the container is removed, which engines cannot be asked to do before API 1.30 (Docker 17.06).",
    judge: judgeVersion,
  },
  {
    id: "place",
    asks: "Where does it run, seen from here?",
    why: "Anywhere will do: files go in through the API, nothing is mounted from here, no port is published. What is on its machine, such as its disk, is only seen from here if it is this one.",
    judge: judgePlace,
  },
  {
    id: "architecture",
    asks: "Is its architecture that of this machine?",
    why: "Only then can bases be assembled from what is installed here; for another one the public images have to be pulled.",
    judge: judgeArchitecture,
  },
  {
    id: "storage",
    asks: "Does its storage driver share layers?",
    why: "The Node image has some 130 MB. Shared, a container costs next to nothing; copied, each one takes time and disk.",
    judge: judgeStorage,
  },
  {
    id: "pausing",
    asks: "Can it pause containers?",
    why: "Scenarios pause an edge; that needs cgroups, which an engine without root has only with cgroup v2 and systemd.",
    judge: judgePausing,
  },
  {
    id: "clock",
    asks: "Does its clock agree with ours?",
    why: "The times that containers print are corrected by the difference, which is measured once for a run: a clock that far off is often one that still moves.",
    judge: judgeClock,
  },
  KNOWN_FAULTS,
];

const LEAST_API = "1.30";
/** Of Docker 20.10, the oldest that the tests have run on. */
const OLDEST_TRIED_API = "1.41";

function judgeVersion({ about: { version, apiVersion } }: EngineSeen): Judgement {
  const seen = `${version}, API ${apiVersion}`;
  if (compareVersions(apiVersion, LEAST_API) < 0)
    return broken(`${seen}; it has to be ${LEAST_API} or newer`, UPGRADE);
  if (compareVersions(apiVersion, OLDEST_TRIED_API) < 0)
    return note(`${seen}; nothing older than ${OLDEST_TRIED_API} has been tried`, UPGRADE);
  return ok(seen);
}

const UPGRADE = "upgrade the engine: https://docs.docker.com/engine/install";

/** A virtual machine, and a container that this runs in, have names of their own; machines far away may share one. */
export function isHere({ about, endpoint, host }: EngineSeen): boolean {
  const isNear = endpoint.kind === "socket" || isLoopback(endpoint.host);
  return host.platform === "linux" && isNear && about.hostName === host.name;
}

function judgePlace(seen: EngineSeen): Judgement {
  const { about, endpoint } = seen;
  if (isHere(seen)) return ok(`this machine, ${about.operatingSystem}`);
  const there = `${about.hostName}, ${about.operatingSystem}`;
  if (endpoint.kind === "socket") return ok(`a machine of its own behind ${endpoint.path}: ${there}`);
  const where = `another machine, ${describeEndpoint(endpoint)}: ${there}`;
  if (endpoint.kind === "ssh" || endpoint.tls !== undefined || isLoopback(endpoint.host)) return ok(where);
  return note(
    `${where}; without TLS, whoever can reach it is root there`,
    `export DOCKER_HOST=ssh://${endpoint.host}, or DOCKER_TLS_VERIFY=1`,
  );
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

function judgeArchitecture({ about: { architecture }, host }: EngineSeen): Judgement {
  const node = architectureNames(architecture)?.node;
  if (node === undefined)
    return note(
      `${architecture}, on which nothing was tried`,
      "set DOCKER_HOST to an engine on x86_64 or aarch64",
    );
  if (host.platform === "linux" && node === host.arch) return ok(`${architecture}, as here`);
  return ok(
    `${architecture}, here it is ${host.platform}/${host.arch}: bases are public images, not assembled here`,
  );
}

/** Drivers that copy whole images, and what they do instead. */
const SLOW: Readonly<Record<string, string>> = {
  vfs: "vfs, which copies the whole image for every container: slow, and hungry for disk",
  devicemapper: "devicemapper, which newer engines have dropped",
  aufs: "aufs, which newer engines have dropped",
};

function judgeStorage({ about: { storageDriver } }: EngineSeen): Judgement {
  const slow = SLOW[storageDriver];
  if (slow === undefined) return ok(storageDriver);
  return note(
    slow,
    'set "storage-driver": "overlay2" in /etc/docker/daemon.json, restart the engine, then: repro images',
  );
}

function judgePausing({ about: { cgroupVersion, cgroupDriver, isRootless } }: EngineSeen): Judgement {
  const seen = `cgroup v${cgroupVersion} (${cgroupDriver}), ${isRootless ? "rootless" : "as root"}`;
  if (cgroupDriver !== "none") return ok(seen);
  return note(
    `${seen}: it cannot pause`,
    "run it as root, or with cgroup v2 and systemd: https://docs.docker.com/engine/security/rootless",
  );
}

/** Milliseconds; clocks that are kept in step are closer. */
const FAR_OFF = 1_000;

function judgeClock({ about: { skewMs } }: EngineSeen): Judgement {
  if (skewMs === 0) return ok("the same, as closely as can be measured");
  const seen = `${Math.abs(skewMs)} ms ${skewMs > 0 ? "ahead of" : "behind"} ours`;
  if (Math.abs(skewMs) < FAR_OFF) return ok(`${seen}; it is allowed for`);
  return note(seen, "restart Docker Desktop, or set that machine's clock: timedatectl set-ntp true");
}
