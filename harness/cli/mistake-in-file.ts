import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { UsageError } from "../errors.ts";

/**
 * What went wrong in a module of the user's own is no defect of the harness: told with its place, as they named the
 * file. Anything that was thrown elsewhere stays what it is.
 */
export function asMistakeIn(path: string, file: string, error: unknown): unknown {
  const at = placeIn(file, error);
  if (at === undefined || !(error instanceof Error)) return error;
  return new UsageError(`${path}:${at}: ${error.message}`, { cause: error });
}

/** The line, and the column where it is known; undefined if it was not thrown in there, nor is a mistake in its syntax. */
function placeIn(file: string, error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const lines = (error.stack ?? "").split("\n");
  // Of what cannot be read Node tells the place in a line of its own, before everything else; of JavaScript only to
  // whoever asks for nothing but that.
  const place = atStart(file, lines[0] ?? "") ?? placeOf(file, frameOf(lines));
  if (place !== undefined || !(error instanceof SyntaxError)) return place;
  const { stderr } = spawnSync(process.execPath, ["--check", file], { encoding: "utf8" });
  return atStart(file, stderr);
}

/** Where it was thrown; what Node and the language do themselves is done for whoever asked them. */
function frameOf(lines: readonly string[]): string {
  return lines.find((line) => /^\s+at /.test(line) && !/[( ]node:|\(<anonymous>\)$/.test(line)) ?? "";
}

function atStart(file: string, text: string): string | undefined {
  return namesOf(file).some((name) => text.startsWith(name)) ? placeOf(file, text) : undefined;
}

function placeOf(file: string, line: string): string | undefined {
  return namesOf(file)
    .map((name) => placeAfter(name, line))
    .find(Boolean);
}

function namesOf(file: string): readonly string[] {
  return [file, pathToFileURL(file).href];
}

function placeAfter(name: string, line: string): string | undefined {
  const from = line.indexOf(`${name}:`);
  return from < 0 ? undefined : /^\d+(?::\d+)?/.exec(line.slice(from + name.length + 1))?.[0];
}
