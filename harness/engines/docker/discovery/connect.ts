import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { EnvironmentError } from "../../../errors.ts";
import type { Endpoint } from "./endpoint.ts";

/** Longer than a call was ever seen to take, on however busy a machine. */
export const ANSWER_LIMIT_MS = 60_000;

/**
 * A client for that endpoint. An engine that takes a call and does not answer (20.10 can lock itself out) is given up;
 * what has no end of its own, a stream or a wait, is not limited.
 */
export function connect(
  endpoint: Endpoint,
  env: Readonly<Record<string, string | undefined>>,
  limitMs = ANSWER_LIMIT_MS,
): Docker {
  const docker = clientFor(endpoint, env);
  const modem = docker.modem as unknown as { dial: Dial };
  const { dial } = modem;
  modem.dial = (options, callback) => {
    const isOpenEnded = options.isStream === true || /\/wait\?/.test(options.path);
    const abortSignal = options.abortSignal ?? (isOpenEnded ? undefined : AbortSignal.timeout(limitMs));
    dial.call(modem, abortSignal === undefined ? options : { ...options, abortSignal }, callback);
  };
  return docker;
}

/** The options of a call that is given up after so long; dockerode takes a signal in all of them, its types do not know. */
export function within<T extends object>(ms: number, options: T): T {
  return { ...options, abortSignal: AbortSignal.timeout(ms) };
}

/** Where every call goes through; the types of docker-modem do not know all of it. */
type Dial = (
  this: unknown,
  options: { readonly path: string; readonly isStream?: boolean; readonly abortSignal?: AbortSignal },
  callback: unknown,
) => void;

/**
 * dockerode fills every setting it is not given from the environment, so all of them are given: otherwise a
 * `DOCKER_HOST` in the environment would win over the endpoint.
 */
function clientFor(endpoint: Endpoint, env: Readonly<Record<string, string | undefined>>): Docker {
  const nothing = {
    socketPath: undefined,
    host: undefined,
    port: undefined,
    username: undefined,
    protocol: undefined,
    ca: undefined,
    cert: undefined,
    key: undefined,
    pathPrefix: "/",
    // It would cut the log stream of a machine that is silent for as long (DOCKER_CLIENT_TIMEOUT).
    timeout: undefined,
  };
  if (endpoint.kind === "socket") return new Docker({ ...nothing, socketPath: endpoint.path });
  const { host, port } = endpoint;
  if (endpoint.kind === "ssh") {
    const agent = env["SSH_AUTH_SOCK"];
    const docker = new Docker({
      ...nothing,
      host,
      port,
      protocol: "ssh",
      username: endpoint.username ?? userInfo().username,
      sshOptions: agent === undefined ? {} : { agent },
    });
    return withWellFormedAddress(docker, host);
  }
  if (endpoint.tls === undefined) return new Docker({ ...nothing, host, port, protocol: "http" });
  const { folder } = endpoint.tls;
  const files = { ca: pem(folder, "ca"), cert: pem(folder, "cert"), key: pem(folder, "key") };
  return new Docker({ ...nothing, host, port, protocol: "https", ...files });
}

type Build = (this: unknown, ...args: unknown[]) => unknown;

/**
 * docker-modem makes a URL of the host to take the path from, and of a bare name it makes one that is none, which Node
 * warns of and will refuse. With a scheme it is one; but to connect to it wants the bare name.
 */
function withWellFormedAddress(docker: Docker, host: string): Docker {
  const modem = docker.modem as unknown as { host: string; buildRequest: Build };
  const { buildRequest } = modem;
  const connecting = Object.create(modem, { host: { value: host } }) as typeof modem;
  modem.host = `ssh://${host.includes(":") ? `[${host}]` : host}`;
  modem.buildRequest = (...args) => buildRequest.apply(connecting, args);
  return docker;
}

function pem(folder: string, name: string): Buffer {
  const path = join(folder, `${name}.pem`);
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new EnvironmentError({
      wanted: `the certificate ${path}, for a secured engine`,
      seen: (cause as Error).message,
      mend: "set DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem, or: unset DOCKER_TLS_VERIFY",
      cause,
    });
  }
}
