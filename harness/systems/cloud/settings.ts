import { parseEnv } from "node:util";
import { UsageError } from "../../errors.ts";

/** All that is known of a cloud. */
export interface CloudSettings {
  /** The API, for the CLI. */
  readonly endpoint: string;
  /** What the API wants to be shown; undefined for one that wants nothing. */
  readonly apiKey: string | undefined;
  /** Where an edge asks for its identity, and what it shows there. */
  readonly bootstrapUrl: string;
  readonly bootstrapToken: string;
  /** What the edges are started from. */
  readonly edgeImage: string;
}

const START = "https://start.cloud.expanso.io";
const EDGE_IMAGE = "ghcr.io/expanso-io/expanso-edge:nightly";
/** Any of them that can be seen. */
const WORD = /^[\x21-\x7e]+$/;

/**
 * From the environment, and from the text of `.env` for what is not set there: as compose reads the same file.
 * @throws UsageError naming what is missing or malformed, never what it is.
 */
export function readCloudSettings(at: {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Undefined where there is none. */
  readonly file: string | undefined;
  /** For messages: where it is, or should be. */
  readonly path: string;
}): CloudSettings {
  const kept = parseEnv(at.file ?? "");
  const said = (name: string): { readonly value: string; readonly by: string } | undefined => {
    const own = at.env[name] ?? "";
    if (own !== "") return { value: own, by: `${name} in the environment` };
    const value = kept[name] ?? "";
    return value === "" ? undefined : { value, by: `${name} in ${at.path}` };
  };
  const wanted = (name: string, what: string) => {
    const found = said(name);
    if (found !== undefined) return found;
    const place =
      at.file === undefined
        ? `there is no ${at.path}; copy .env.example of the repository to it, and fill it in`
        : `${at.path} has none; add ${name}=… to it`;
    throw new UsageError(
      `--system cloud: ${name} is missing, ${what}: the environment has none, and ${place} (docs/cloud.md)`,
    );
  };
  const secret = ({ value, by }: { readonly value: string; readonly by: string }) => {
    if (WORD.test(value)) return value;
    throw new UsageError(
      `--system cloud: ${by}: a token or a key has no spaces and no line ends; copy it anew`,
    );
  };
  const url = ({ value, by }: { readonly value: string; readonly by: string }) => {
    const parsed = URL.parse(value);
    if (parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === "") return value;
    throw new UsageError(`--system cloud: ${by}: accepted is a URL such as https://HOST or http://HOST:9010`);
  };
  const apiKey = said("EXPANSO_CLI_AUTH_API_KEY");
  return {
    bootstrapToken: secret(wanted("EXPANSO_EDGE_BOOTSTRAP_TOKEN", "the token that edges show")),
    bootstrapUrl: url(said("EXPANSO_EDGE_BOOTSTRAP_URL") ?? { value: START, by: "" }),
    endpoint: url(wanted("EXPANSO_ENDPOINT", "the address of the API")),
    apiKey: apiKey && secret(apiKey),
    edgeImage: said("EXPANSO_EDGE_IMAGE")?.value ?? EDGE_IMAGE,
  };
}
