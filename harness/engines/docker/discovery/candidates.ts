import { createHash } from "node:crypto";
import { posix, win32 } from "node:path";
import { EnvironmentError } from "../../../errors.ts";
import { type Endpoint, parseEndpoint } from "./endpoint.ts";

/** What deciding where to look needs to know of the host; plain values, so that it is decided the same in a test. */
export interface HostFacts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** The text of a file, undefined if it is not there. */
  readFile(path: string): string | undefined;
}

export interface Candidate {
  readonly endpoint: Endpoint;
  /** Who named it, for people: `DOCKER_HOST`, `the Docker context "colima"`, `/var/run/docker.sock`. */
  readonly from: string;
}

/**
 * Where to look for an engine. One that somebody configured is the only one to try: when it does not answer, falling
 * back to another would run against an engine that nobody asked for. `usual` sockets are tried in order.
 * @throws EnvironmentError when what is configured makes no sense.
 */
export type Candidates =
  | { readonly kind: "configured"; readonly candidate: Candidate }
  | { readonly kind: "usual"; readonly candidates: readonly Candidate[] };

export function candidates(host: HostFacts): Candidates {
  // The order of the docker CLI: DOCKER_HOST beats DOCKER_CONTEXT beats the context chosen with `docker context use`.
  const address = host.env["DOCKER_HOST"];
  if (address !== undefined && address !== "") {
    const endpoint = parseEndpoint(address, "DOCKER_HOST", tlsFromEnv(host));
    return { kind: "configured", candidate: { endpoint, from: "DOCKER_HOST" } };
  }
  const context = currentContext(host);
  if (context !== undefined) return { kind: "configured", candidate: context };
  return { kind: "usual", candidates: usualSockets(host) };
}

function currentContext(host: HostFacts): Candidate | undefined {
  const folder = configFolder(host);
  const name = notEmpty(host.env["DOCKER_CONTEXT"]) ?? chosenContext(host, folder);
  // "default" is the CLI's name for "no context".
  if (name === undefined || name === "default") return undefined;
  const from = `the Docker context "${name}"`;
  const id = createHash("sha256").update(name).digest("hex");
  const text = host.readFile(join(host, folder, "contexts", "meta", id, "meta.json"));
  const meta = parseJson(text) as { Endpoints?: { docker?: { Host?: unknown } } } | undefined;
  const address = meta?.Endpoints?.docker?.Host;
  if (typeof address !== "string") {
    throw new EnvironmentError({
      wanted: `an engine's address from ${from}`,
      seen:
        text === undefined ? "there is no context of that name" : "its meta.json names no docker endpoint",
      mend: "docker context ls, then docker context use NAME (or: docker context use default)",
    });
  }
  const tlsFolder = join(host, folder, "contexts", "tls", id, "docker");
  const tls =
    host.readFile(join(host, tlsFolder, "ca.pem")) === undefined ? undefined : { folder: tlsFolder };
  return { endpoint: parseEndpoint(address, from, tls), from };
}

function chosenContext(host: HostFacts, folder: string): string | undefined {
  const config = parseJson(host.readFile(join(host, folder, "config.json")));
  const name = (config as { currentContext?: unknown } | undefined)?.currentContext;
  return typeof name === "string" ? notEmpty(name) : undefined;
}

function usualSockets(host: HostFacts): Candidate[] {
  if (host.platform === "win32") return [socket("//./pipe/docker_engine")];
  const runtime = notEmpty(host.env["XDG_RUNTIME_DIR"]);
  return [
    socket("/var/run/docker.sock"),
    socket(join(host, host.home, ".docker/run/docker.sock")),
    socket(join(host, host.home, ".colima/default/docker.sock")),
    socket(join(host, host.home, ".orbstack/run/docker.sock")),
    ...(runtime === undefined ? [] : [socket(join(host, runtime, "docker.sock"))]),
  ];
}

function socket(path: string): Candidate {
  return { endpoint: { kind: "socket", path }, from: path };
}

function tlsFromEnv(host: HostFacts): { folder: string } | undefined {
  if (notEmpty(host.env["DOCKER_TLS_VERIFY"]) === undefined) return undefined;
  return { folder: notEmpty(host.env["DOCKER_CERT_PATH"]) ?? configFolder(host) };
}

function configFolder(host: HostFacts): string {
  return notEmpty(host.env["DOCKER_CONFIG"]) ?? join(host, host.home, ".docker");
}

function join(host: HostFacts, ...parts: string[]): string {
  return (host.platform === "win32" ? win32 : posix).join(...parts);
}

function notEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

/** A broken config file is the docker CLI's to complain about; here it names no context. */
function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
