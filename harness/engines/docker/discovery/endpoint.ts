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
  const rest = parts["rest"]!;
  switch (parts["scheme"]) {
    case "unix":
      return { kind: "socket", path: rest };
    case "npipe":
      return { kind: "socket", path: rest.replaceAll("\\", "/") };
    case "ssh": {
      const { hostname, port, username } = parseUrl(`ssh://${rest}`, address, source);
      return {
        kind: "ssh",
        host: hostname,
        port: port === "" ? 22 : Number(port),
        ...(username === "" ? {} : { username: decodeURIComponent(username) }),
      };
    }
    default: {
      // Parsed as another scheme, because URL drops the port 80 from `http:`.
      const { hostname, port } = parseUrl(`ssh://${rest}`, address, source);
      const host = hostname.replace(/^\[(.*)\]$/, "$1");
      const at = { kind: "tcp", host, port: port === "" ? (tls ? 2376 : 2375) : Number(port) } as const;
      return tls === undefined ? at : { ...at, tls };
    }
  }
}

/** As it would be typed. */
export function describeEndpoint(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case "socket":
      return endpoint.path;
    case "tcp":
      return `tcp://${endpoint.host}:${endpoint.port}`;
    case "ssh":
      return `ssh://${endpoint.username === undefined ? "" : `${endpoint.username}@`}${endpoint.host}:${endpoint.port}`;
  }
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
