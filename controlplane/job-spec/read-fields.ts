import type { JobSpec, RestartPolicy } from "../model/job.ts";
import { quote, seen, type ConfigReader, type Path } from "../pipeline/config-reader.ts";
import { didYouMean } from "../pipeline/near-miss.ts";

const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/;
const TYPES: readonly JobSpec["type"][] = ["pipeline"];
const RESTART_POLICIES: readonly RestartPolicy[] = ["on-failure", "always", "never"];

export function readName(reader: ConfigReader, value: unknown, path: Path): string | undefined {
  if (typeof value === "string" && NAME.test(value)) return value;
  const accepted =
    "expected a name of 1 to 63 lower-case letters, digits, - and ., that starts and ends with a letter or digit";
  return reader.refuse(path, `${accepted}, saw ${seen(value)}${suggestedName(value)}`);
}

export function readType(reader: ConfigReader, value: unknown, path: Path): JobSpec["type"] | undefined {
  const type = TYPES.find((known) => known === value);
  return type ?? reader.refuse(path, notOneOf("job type", value, TYPES));
}

export function readDescription(reader: ConfigReader, value: unknown, path: Path): string | undefined {
  return typeof value === "string" ? value : reader.refuse(path, `expected a text, saw ${seen(value)}`);
}

export function readPriority(reader: ConfigReader, value: unknown, path: Path): number | undefined {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 100) return value;
  return reader.refuse(path, `expected a whole number from 0 to 100, saw ${seen(value)}`);
}

export function readRestartPolicy(
  reader: ConfigReader,
  value: unknown,
  path: Path,
): RestartPolicy | undefined {
  const policy = RESTART_POLICIES.find((known) => known === value);
  return policy ?? reader.refuse(path, notOneOf("restart policy", value, RESTART_POLICIES));
}

/** Labels and the like: names and texts of the user's own. */
export function readTextMap(
  reader: ConfigReader,
  value: unknown,
  path: Path,
): Readonly<Record<string, string>> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return reader.refuse(path, `expected names and texts such as {env: "prod"}, saw ${seen(value)}`);
  }
  const texts: [string, string][] = [];
  for (const [name, text] of Object.entries(value) as [string, unknown][]) {
    if (name === "") reader.refuse([...path, name], "expected a name, saw an empty text");
    if (typeof text === "string") texts.push([name, text]);
    else reader.refuse([...path, name], `expected a text, saw ${seen(text)}${inQuotes(text)}`);
  }
  return Object.fromEntries(texts);
}

/** YAML reads `1` and `true` as a number and a truth value; labels are mostly meant as texts. */
function inQuotes(value: unknown): string {
  const isPlain = typeof value === "number" || typeof value === "boolean";
  return isPlain ? ` (did you mean ${quote(String(value))}, in quotes?)` : "";
}

/** What is longer is no name that somebody mistyped, and looking for its end would take its time. */
const LONGEST_NEAR_NAME = 200;

function suggestedName(value: unknown): string {
  if (typeof value === "string" && value.length > LONGEST_NEAR_NAME) return "";
  const name = String(value)
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, "-")
    .replaceAll(/^[.-]+|[.-]+$/g, "");
  const isWord = typeof value === "string" || typeof value === "number";
  if (!isWord || !NAME.test(name)) return "";
  return name === value || typeof value === "number" ? inQuotes(value) : ` (did you mean ${name}?)`;
}

function notOneOf(what: string, value: unknown, known: readonly string[]): string {
  const hint = typeof value === "string" ? didYouMean(value, known) : "";
  return `expected a ${what}, saw ${seen(value)}; supported: ${known.join(", ")}${hint}`;
}
