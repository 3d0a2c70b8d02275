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

/** The line, and the column where it is known; undefined if it was not thrown in there, nor is a mistake in its syntax. Pure. */
function placeIn(file: string, error: unknown): string | undefined {
  const lines = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  const names = [file, pathToFileURL(file).href];
  // Of what cannot be read Node tells the place in a line of its own, before everything else.
  if (error instanceof SyntaxError)
    return names.map((name) => placeAfter(name, lines[0] ?? "")).find(Boolean);
  const frame = lines.find((line) => /^\s+at /.test(line) && !/[( ]node:/.test(line)) ?? "";
  return names.map((name) => placeAfter(name, frame)).find(Boolean);
}

function placeAfter(name: string, line: string): string | undefined {
  const from = line.indexOf(`${name}:`);
  return from < 0 ? undefined : /^\d+(?::\d+)?/.exec(line.slice(from + name.length + 1))?.[0];
}
