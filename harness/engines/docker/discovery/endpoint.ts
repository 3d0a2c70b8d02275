import { EnvironmentError } from "../../../errors.ts";

/** Where an engine listens. */
export type Endpoint =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly tls?: TlsFiles }
  | { readonly kind: "ssh"; readonly host: string; readonly port: number; readonly username?: string };

/** A folder with `ca.pem`, `cert.pem` and `key.pem`. */
export interface TlsFiles {
  readonly folder: string;
}

/**
 * Reads an address as `DOCKER_HOST` and contexts spell it.
 * @param source who said so, for the error: `DOCKER_HOST`, `the Docker context "colima"`.
 */
export function parseEndpoint(address: string, source: string, tls?: TlsFiles): Endpoint {
  const parts = /^(?<scheme>unix|npipe|tcp|http|ssh):\/\/(?<rest>.+)$/.exec(address.trim())?.groups;
  if (parts === undefined) throw unusable(address, source);
  const [scheme, rest] = [parts["scheme"]!, parts["rest"]!];
  if (scheme === "unix") return { kind: "socket", path: rest };
  if (scheme === "npipe") return { kind: "socket", path: rest.replaceAll("\\", "/") };
  // Parsed as ssh whatever it is, because URL drops the port 80 from `http:`, and does not check a host of `tcp:`.
  const { hostname, port, username } = parseUrl(`ssh://${rest}`, address, source);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (scheme === "ssh") {
    const at = { kind: "ssh", host, port: port === "" ? 22 : Number(port) } as const;
    return username === "" ? at : { ...at, username: decodeURIComponent(username) };
  }
  const at = { kind: "tcp", host, port: port === "" ? (tls ? 2376 : 2375) : Number(port) } as const;
  return tls === undefined ? at : { ...at, tls };
}

/** As it would be typed. */
export function describeEndpoint(endpoint: Endpoint): string {
  if (endpoint.kind === "socket") return endpoint.path;
  const user = endpoint.kind === "ssh" && endpoint.username !== undefined ? `${endpoint.username}@` : "";
  return `${endpoint.kind}://${user}${endpoint.host}:${endpoint.port}`;
}

function parseUrl(url: string, address: string, source: string): URL {
  if (!URL.canParse(url) || new URL(url).hostname === "") throw unusable(address, source);
  return new URL(url);
}

function unusable(address: string, source: string): EnvironmentError {
  return new EnvironmentError({
    wanted: `an engine's address from ${source}`,
    seen: `"${address}" is none`,
    mend: "use unix:///path/to/docker.sock, tcp://host:port or ssh://user@host, or unset it: unset DOCKER_HOST",
  });
}
