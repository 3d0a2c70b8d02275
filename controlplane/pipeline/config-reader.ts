import { didYouMean } from "./near-miss.ts";
import { MOST_PROBLEMS, type PipelineProblem } from "./problem.ts";

export type Path = PipelineProblem["path"];
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads plain data field by field and gathers what is wrong with it, so that one look at a config finds
 * every problem (of very many, the first 50). A reading that failed is `undefined` and has left at least one problem.
 */
export interface ConfigReader {
  readonly problems: readonly PipelineProblem[];
  /** An object; unknown and missing keys are problems, but what is there can still be read. */
  object(
    value: unknown,
    path: Path,
    shape: { readonly keys: readonly string[]; readonly required: readonly string[] },
  ): Fields | undefined;
  /** Benthos's way to choose: an object with exactly one key, which names the component. */
  component<Name extends string>(
    value: unknown,
    path: Path,
    choice: { readonly role: string; readonly supported: readonly Name[] },
  ): { readonly name: Name; readonly config: unknown } | undefined;
  /** Notes a problem. */
  refuse(path: Path, message: string, at?: { readonly line: number; readonly column: number }): undefined;
}

export function createConfigReader(): ConfigReader {
  const problems: PipelineProblem[] = [];

  const refuse: ConfigReader["refuse"] = (path, message, at) => {
    if (problems.length >= MOST_PROBLEMS) return;
    const short = shorten(message, LONGEST_MESSAGE);
    problems.push(at === undefined ? { path, message: short } : { path, at, message: short });
  };

  return {
    problems,
    refuse,

    object(value, path, { keys, required }) {
      const supported = keys.length === 0 ? "no keys, {}" : keys.join(", ");
      if (!isFields(value)) {
        return refuse(path, `expected an object, saw ${seen(value)}; supported: ${supported}`);
      }
      const unknown = Object.keys(value).filter((key) => !keys.includes(key));
      for (const key of unknown.slice(0, MOST_PROBLEMS)) {
        const hint = didYouMean(key, keys);
        refuse([...path, key], `unknown key ${quote(key)}; supported: ${supported}${hint}`);
      }
      for (const key of required.filter((key) => !Object.hasOwn(value, key))) {
        refuse([...path, key], `${quote(key)} is missing; supported: ${supported}`);
      }
      return ownFields(value, keys);
    },

    component<Name extends string>(
      value: unknown,
      path: Path,
      { role, supported }: { readonly role: string; readonly supported: readonly Name[] },
    ) {
      const list = `supported: ${supported.join(", ")}`;
      if (!isFields(value)) return refuse(path, `expected one ${role}, saw ${seen(value)}; ${list}`);
      const names = Object.keys(value);
      if (names.length === 0) return refuse(path, `expected one ${role}, saw an empty object; ${list}`);
      const unknown = names.filter((name) => !includes(supported, name));
      for (const name of unknown.slice(0, MOST_PROBLEMS)) {
        const hint = didYouMean(name, supported);
        refuse([...path, name], `${role} ${quote(name)} is not supported; ${list}${hint}`);
      }
      const known = names.filter((name) => includes(supported, name));
      if (known.length > 1) {
        return refuse(path, `expected one ${role}, saw ${known.length}: ${known.join(", ")}; ${list}`);
      }
      const name = known[0];
      return name === undefined ? undefined : { name, config: value[name] };
    },
  };
}

/** What a value is, short enough for one line. */
export function seen(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return `the text ${quote(value)}`;
    case "number":
      return `the number ${value}`;
    case "boolean":
      return String(value);
    case "object":
      return value === null ? "nothing (null)" : "an object";
    case "undefined":
      return "nothing";
    default:
      return `a ${typeof value}`;
  }
}

/** A misspelt word may be as long as the file; the list of what is supported instead is not. */
const LONGEST_MESSAGE = 1_000;

export function quote(text: string): string {
  return JSON.stringify(shorten(text, 60));
}

export function shorten(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Only what is the object's own and known, so that no reader meets an inherited `constructor`. */
function ownFields(value: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(value, key)).map((key) => [key, value[key]]));
}

function includes<Name extends string>(names: readonly Name[], name: string): name is Name {
  return (names as readonly string[]).includes(name);
}
