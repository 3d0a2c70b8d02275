import { parseDuration } from "../pipeline/duration.ts";
import { DEFAULT_PORT } from "../protocol/http.ts";
import { CliError } from "./cli-error.ts";
import type { CliPorts } from "./ports.ts";
import { readProfiles, requireProfile, type Profile } from "./profiles.ts";

/** How to reach an orchestrator. */
export interface Connection {
  /** Without a slash at the end. */
  readonly endpoint: string;
  /** Who said so: what to change when nobody answers there. */
  readonly endpointFrom: string;
  readonly apiKey: string | undefined;
  readonly timeoutMs: number;
  readonly insecure: boolean;
}

export interface ConnectionFlags {
  readonly endpoint?: string;
  readonly apiKey?: string;
  readonly profile?: string;
  readonly timeout?: string;
  readonly insecure?: boolean;
}

type Setting = "endpoint" | "apiKey" | "timeout";

interface Said {
  readonly value: string;
  readonly by: string;
}

/** Where an orchestrator leaves its API key for whoever may be on its machine. */
const LOCAL_API_KEY = "/run/expanso/api-key";

/** Flag before environment before profile before default. @throws CliError for what cannot be used. */
export function resolveConnection(
  ports: Pick<CliPorts, "host" | "profiles" | "files">,
  flags: ConnectionFlags,
): Connection {
  const profile = chosenProfile(ports, flags);
  const first = (flag: Setting, env: string): Said | undefined =>
    said(ports, flags, flag, env) ?? profileSays(profile, flag);

  const endpoint = first("endpoint", "EXPANSO_CLI_ENDPOINT") ?? {
    value: `http://localhost:${DEFAULT_PORT}`,
    by: "the default",
  };
  const url = readEndpoint(endpoint);
  const apiKey = first("apiKey", "EXPANSO_CLI_AUTH_API_KEY") ?? localApiKey(ports, url);
  const timeout = first("timeout", "EXPANSO_CLI_TIMEOUT") ?? { value: "30s", by: "the default" };
  return {
    endpoint: url,
    endpointFrom: endpoint.by,
    apiKey: apiKey && readApiKey(apiKey),
    timeoutMs: readTimeout(timeout),
    insecure: flags.insecure ?? profile?.settings.insecure ?? false,
  };
}

/** For an orchestrator on this machine alone: no other is to be told of it. */
function localApiKey({ files }: Pick<CliPorts, "files">, endpoint: string): Said | undefined {
  const { hostname, port } = new URL(endpoint);
  // Behind another port may be anybody: the far end of a tunnel, for one.
  if (!/^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname) || port !== String(DEFAULT_PORT)) return undefined;
  try {
    const value = files.readFile(LOCAL_API_KEY)?.trim();
    return value === undefined || value === "" ? undefined : { value, by: LOCAL_API_KEY };
  } catch {
    // Whoever may not read it is not meant.
    return undefined;
  }
}

/** What flags and environment say, without any profile: what `profile save` saves. */
export function saidOutright(ports: Pick<CliPorts, "host">, flags: ConnectionFlags): Profile {
  const endpoint = said(ports, flags, "endpoint", "EXPANSO_CLI_ENDPOINT");
  const apiKey = said(ports, flags, "apiKey", "EXPANSO_CLI_AUTH_API_KEY");
  const timeout = said(ports, flags, "timeout", "EXPANSO_CLI_TIMEOUT");
  if (timeout !== undefined) readTimeout(timeout);
  return {
    ...(endpoint && { endpoint: readEndpoint(endpoint) }),
    ...(apiKey && { apiKey: readApiKey(apiKey) }),
    ...(timeout && { timeout: timeout.value }),
    ...(flags.insecure && { insecure: true }),
  };
}

function said(
  { host }: Pick<CliPorts, "host">,
  flags: ConnectionFlags,
  flag: Setting,
  env: string,
): Said | undefined {
  const value = flags[flag];
  if (value !== undefined) return { value, by: FLAGS[flag] };
  const fromEnv = host.env(env);
  // Set but empty is how shells and compose files say "not set".
  return fromEnv === undefined || fromEnv === "" ? undefined : { value: fromEnv, by: env };
}

const FLAGS: Readonly<Record<Setting, string>> = {
  endpoint: "--endpoint",
  apiKey: "--api-key",
  timeout: "--timeout",
};

interface NamedProfile {
  readonly name: string;
  readonly settings: Profile;
}

function chosenProfile(
  { host, profiles }: Pick<CliPorts, "host" | "profiles">,
  flags: ConnectionFlags,
): NamedProfile | undefined {
  const book = readProfiles(profiles);
  const name = flags.profile ?? (host.env("EXPANSO_CLI_PROFILE") || book.current);
  return name === undefined ? undefined : { name, settings: requireProfile(book, name) };
}

function profileSays(profile: NamedProfile | undefined, key: Setting): Said | undefined {
  const value = profile?.settings[key];
  return profile === undefined || value === undefined ? undefined : { value, by: `profile ${profile.name}` };
}

function readEndpoint({ value, by }: Said): string {
  // `orchestrator:9010` is what people have at hand; as a URL it would be of the scheme "orchestrator".
  const text = value.includes("://") ? value : `http://${value}`;
  const url = URL.parse(text);
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== "" ||
    url.search + url.hash !== ""
  ) {
    throw new CliError(64, `${by}: expected a URL such as http://localhost:9010, saw "${value}"`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "").replace(/\/api\/v1$/, "");
}

function readApiKey({ value, by }: Said): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new CliError(
    64,
    `${by}: an API key has no spaces, line ends or other characters that a header cannot carry`,
  );
}

function readTimeout({ value, by }: Said): number {
  const timeoutMs = parseDuration(value);
  if (timeoutMs !== undefined && timeoutMs > 0) return timeoutMs;
  const guess = /^\d+$/.test(value) && Number(value) > 0 ? ` (did you mean ${value}s?)` : "";
  throw new CliError(64, `${by}: expected a duration such as 10s or 500ms, saw "${value}"${guess}`);
}
