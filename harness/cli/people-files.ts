import { readFileSync } from "node:fs";
import { arch, release, type } from "node:os";
import { join } from "node:path";
import { byHandFiles } from "../report/by-hand/files.ts";
import type { Surroundings } from "../report/by-hand/record.ts";
import type { Result } from "../report/result.ts";
import type { Entry } from "../timeline/entry.ts";
import { REPOSITORY } from "./choose-engine.ts";
import type { Run } from "./judge-once.ts";

/** What a run leaves for people beside its record: the files of its report folder, by name. */
export function peopleFiles(
  run: Run,
  result: Result,
  timeline: readonly Entry[],
): Readonly<Record<string, string>> {
  return byHandFiles({ ...run, result, timeline, surroundings: surroundingsOf(run) });
}

/** On what it was done, for whoever wants to have the same. */
function surroundingsOf({ engine, system }: Run): Surroundings {
  const text = readFileSync(join(REPOSITORY, "package.json"), "utf8");
  const { name, version } = JSON.parse(text) as { readonly name: string; readonly version: string };
  return {
    harness: `${name} ${version}, Node.js ${process.versions.node}`,
    host: `${type()} ${release()}, ${arch()}`,
    images: system.images.flatMap(({ key, tag }) => {
      const id = engine.imageIds?.get(key);
      return id === undefined ? [] : [`${tag} ${id}`];
    }),
  };
}
