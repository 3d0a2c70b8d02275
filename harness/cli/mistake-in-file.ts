import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { UsageError } from "../errors.ts";

/** A file of the user's own: `path` as they named it, `file` as it stands in a stack. */
export interface OwnFile {
  readonly path: string;
  readonly file: string;
}

/**
 * What went wrong in a module of the user's own is no defect of the harness: told with its place, as they named the
 * file. Anything that was thrown elsewhere stays what it is.
 */
export function asMistakeIn(own: OwnFile, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const at = placeIn(own.file, error);
  return at === undefined ? error : new UsageError(`${own.path}:${at}: ${error.message}`, { cause: error });
}

/** A mistake that shows elsewhere, at the place in the user's file from where it came to that. */
export function mistakeAt(own: OwnFile, where: Error, message: string, cause?: unknown): UsageError {
  const at = framesOf(where)
    .map((frame) => placeOf(own.file, frame))
    .find(Boolean);
  return new UsageError(`${own.path}${at === undefined ? "" : `:${at}`}: ${message}`, { cause });
}

/** The line, and the column where it is known; undefined if it was not thrown in there, nor is a mistake in its syntax. */
function placeIn(file: string, error: Error): string | undefined {
  const [first = ""] = (error.stack ?? "").split("\n");
  // Of what cannot be read Node tells the place in a line of its own, before everything else; of JavaScript only to
  // whoever asks for nothing but that.
  const place = atStart(file, first) ?? placeOf(file, framesOf(error)[0] ?? "");
  if (place !== undefined || !(error instanceof SyntaxError)) return place;
  const { stderr } = spawnSync(process.execPath, ["--check", file], { encoding: "utf8" });
  return atStart(file, stderr);
}

/** From where it was thrown; what Node and the language do themselves is done for whoever asked them. */
function framesOf(error: Error): readonly string[] {
  return (error.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && !/[( ]node:|\(<anonymous>\)$/.test(line));
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
