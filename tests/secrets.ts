import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a secret looks like, whatever it is: bootstrap tokens, API keys, seeds of keys, and JWTs. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  "a bootstrap token": /ebt1\.[a-z0-9]+\.\d+\.[\w-]+/,
  "an API key": /\bexpanso_[\w-]{30,}/,
  "the seed of a key": /\bSU[A-Z2-7]{54,}\b/,
  "a JWT": /\beyJ[\w-]{20,}\.[\w-]{20,}/,
};

/** Which of these values, and what looks like a secret, is found in texts: `logs/nats.log has a JWT`. */
export function secretsIn(
  texts: ReadonlyMap<string, string>,
  values: Readonly<Record<string, string>>,
): readonly string[] {
  return [...texts].flatMap(([name, text]) => [
    ...Object.entries(values)
      .filter(([, value]) => text.includes(value))
      .map(([what]) => `${name} has ${what}`),
    ...Object.entries(SHAPES)
      .filter(([, shape]) => shape.test(text))
      .map(([what]) => `${name} looks as if it had ${what}`),
  ]);
}

/** Every file of a report, by its name. */
export function filesOf(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return new Map(
    files.map(({ parentPath, name }) => [
      join(parentPath, name).slice(folder.length + 1),
      readFileSync(join(parentPath, name), "utf8"),
    ]),
  );
}

export const ARTIFACTS = ["issue.md", "repro.sh", "result.json", "timeline.jsonl"] as const;
