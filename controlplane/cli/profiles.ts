import { CliError, describeError } from "./cli-error.ts";
import type { ProfileStore } from "./ports.ts";

/** A saved way to reach an orchestrator. */
export interface Profile {
  readonly endpoint?: string;
  readonly apiKey?: string;
  readonly timeout?: string;
  readonly insecure?: boolean;
}

export interface ProfileBook {
  /** The one that is used when none is named. */
  readonly current: string | undefined;
  readonly profiles: ReadonlyMap<string, Profile>;
}

/** @throws CliError if the file is not what `writeProfiles` writes. */
export function readProfiles(store: ProfileStore): ProfileBook {
  try {
    const text = store.read();
    return text === undefined ? { current: undefined, profiles: new Map() } : parseBook(JSON.parse(text));
  } catch (cause) {
    const problem = `cannot read the profiles in ${store.name}: ${describeError(cause)}`;
    throw new CliError(64, `${problem}; mend the file or remove it`, { cause });
  }
}

export function writeProfiles(store: ProfileStore, book: ProfileBook): void {
  const file = { current: book.current, profiles: Object.fromEntries(book.profiles) };
  try {
    store.write(`${JSON.stringify(file, null, 2)}\n`);
  } catch (cause) {
    throw new CliError(1, `cannot write the profiles to ${store.name}: ${describeError(cause)}`, { cause });
  }
}

/** @throws CliError naming the profiles that there are. */
export function requireProfile(book: ProfileBook, name: string): Profile {
  const profile = book.profiles.get(name);
  if (profile !== undefined) return profile;
  const known = [...book.profiles.keys()].toSorted().join(", ");
  const saved = known === "" ? "none is saved" : `saved: ${known}`;
  throw new CliError(
    64,
    `there is no profile "${name}"; ${saved}; expanso-cli profile save ${name} --endpoint URL`,
  );
}

function parseBook(json: unknown): ProfileBook {
  const file = asObject(json, "the file");
  const profiles = Object.entries(asObject(file["profiles"] ?? {}, "profiles"));
  return {
    current: asOptional(file["current"], "string", "current"),
    profiles: new Map(profiles.map(([name, profile]) => [name, parseProfile(profile, name)])),
  };
}

function parseProfile(json: unknown, name: string): Profile {
  const fields = asObject(json, name);
  const endpoint = asOptional(fields["endpoint"], "string", `${name}.endpoint`);
  const apiKey = asOptional(fields["apiKey"], "string", `${name}.apiKey`);
  const timeout = asOptional(fields["timeout"], "string", `${name}.timeout`);
  const insecure = asOptional(fields["insecure"], "boolean", `${name}.insecure`);
  return {
    ...(endpoint !== undefined && { endpoint }),
    ...(apiKey !== undefined && { apiKey }),
    ...(timeout !== undefined && { timeout }),
    ...(insecure !== undefined && { insecure }),
  };
}

function asObject(json: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return { ...json };
  throw new Error(`${what} is not an object`);
}

interface Kinds {
  string: string;
  boolean: boolean;
}

function asOptional<Kind extends keyof Kinds>(
  json: unknown,
  kind: Kind,
  what: string,
): Kinds[Kind] | undefined {
  if (json === undefined) return undefined;
  if (typeof json === kind) return json as Kinds[Kind];
  throw new Error(`${what} is not a ${kind}`);
}
