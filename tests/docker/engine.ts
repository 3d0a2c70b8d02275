import { fileURLToPath } from "node:url";
import type Docker from "dockerode";
import { afterAll } from "vitest";
import { type Discovery, findEngine } from "../../harness/engines/docker/discovery.ts";
import { createDockerEngine, type DockerEngine } from "../../harness/engines/docker/docker-engine.ts";
import { LABELS, PROJECT, withLabel } from "../../harness/engines/docker/labels.ts";
import type { ImageSource } from "../../harness/engines/engine.ts";
import { EnvironmentError } from "../../harness/errors.ts";

export type FoundEngine = Extract<Discovery, { kind: "found" }>;

export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The engine to test against, for `describe.skipIf(found === undefined)`. Where none answers the reason is printed and
 * the tests are skipped; with `REPRO_REQUIRE_ENGINE=1`, as in CI, that is a failure.
 */
export async function dockerOrSkip(): Promise<FoundEngine | undefined> {
  const { found, reason } = await look();
  if (found !== undefined) return found;
  if (process.env["REPRO_REQUIRE_ENGINE"] === "1")
    throw new Error(`REPRO_REQUIRE_ENGINE is set, but ${reason}`);
  process.stderr.write(`skipped: ${reason}\n`);
  return undefined;
}

async function look(): Promise<{ found?: FoundEngine; reason?: string }> {
  try {
    const discovery = await findEngine();
    if (discovery.kind === "found") return { found: discovery };
    const looked = discovery.looked.map(({ where, seen }) => `${where}: ${seen}`).join(", ");
    return { reason: `no Docker engine answers (${looked})` };
  } catch (error) {
    if (error instanceof EnvironmentError) return { reason: `${error.message}; ${error.mend}` };
    throw error;
  }
}

/** An image of the fixture program, under a key and tag of that test file's own; it is removed after the file's tests. */
export function fixtureImage(key: string): ImageSource {
  return {
    key,
    tag: `repro-${key}:test`,
    dockerfile: "tests/docker/fixtures/machine.Dockerfile",
    base: "node",
    bundles: { "machine.mjs": "tests/docker/fixtures/machine.ts" },
    files: {},
  };
}

/** An engine with the fixture image ready, and what it warned of. */
export async function fixtureEngine(
  found: FoundEngine,
  key: string,
): Promise<{ engine: DockerEngine; warnings: string[] }> {
  const warnings: string[] = [];
  const image = fixtureImage(key);
  const engine = await createDockerEngine({
    ...found,
    repository: REPOSITORY,
    onWarning: (text) => warnings.push(text),
  });
  await engine.prepare([image], () => {});
  afterAll(async () => await removeImages(found, [key]));
  return { engine, warnings };
}

/** Removes every image of those keys, tagged or not. */
export async function removeImages({ docker }: FoundEngine, keys: readonly string[]): Promise<void> {
  const images = await docker.listImages({ filters: withLabel("project", PROJECT) });
  let left = images.filter(({ Labels: labels }) => keys.includes(labels[LABELS.image] ?? ""));
  // Some were built upon others, which the engine does not tell: round by round, those first that nothing stands upon.
  while (left.length > 0) {
    const refusals = new Map<Docker.ImageInfo, unknown>();
    for (const image of left) {
      const removal = docker.getImage(image.Id).remove({ force: true });
      await removal.catch((error: unknown) => refusals.set(image, error));
    }
    if (refusals.size === left.length) throw [...refusals.values()][0];
    left = [...refusals.keys()];
  }
}

let runs = 0;

/** A run id that no other test process uses. */
export function aRunId(): string {
  return `test-${process.pid.toString(36)}-${Date.now().toString(36)}-${runs++}`;
}
