import { readdirSync, readFileSync } from "node:fs";

const PIPELINES = new URL("../../pipelines/", import.meta.url);

/** The texts in `pipelines/`. */
export function jobFilesOfRepository(): readonly string[] {
  return readdirSync(PIPELINES)
    .toSorted()
    .map((name) => readFileSync(new URL(name, PIPELINES), "utf8"));
}
