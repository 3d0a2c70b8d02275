import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { EnvironmentError } from "../../../errors.ts";
import { readProgram } from "../../../programs/read-program.ts";
import type { ImageSource } from "../../engine.ts";
import { bundle } from "./bundle.ts";
import type { ContextFile } from "./content.ts";

/** Name of the Dockerfile in every build context. */
export const DOCKERFILE = "Dockerfile";

/**
 * Reads and bundles what goes into each image: key → files of its build context.
 * @param architecture that programs have to be for; undefined: whatever they are.
 */
export async function readContexts(
  repository: string,
  sources: readonly ImageSource[],
  architecture: string | undefined,
): Promise<ReadonlyMap<string, readonly ContextFile[]>> {
  // Bundled in one go; the position keeps two images' files of one name apart.
  const entryPoints: Record<string, string> = {};
  for (const [at, { bundles }] of sources.entries()) {
    for (const [name, path] of Object.entries(bundles)) entryPoints[bundleName(at, name)] = path;
  }
  const [bundled, files, programs] = await Promise.all([
    bundle(repository, entryPoints),
    Promise.all(sources.map((source) => readFiles(repository, source))),
    Promise.all(sources.map((source) => readPrograms(source, architecture))),
  ]);
  return new Map(
    sources.map(({ key, bundles }, at) => {
      const executables = Object.keys(bundles).map((name) => ({
        name,
        bytes: bundled.get(bundleName(at, name))!,
        mode: EXECUTABLE,
      }));
      return [key, [...files[at]!, ...executables, ...programs[at]!]];
    }),
  );
}

/** `COPY` keeps the mode, so that the Dockerfiles need no RUN to set it. */
const EXECUTABLE = 0o755;

async function readPrograms(
  { programs = {} }: ImageSource,
  architecture: string | undefined,
): Promise<ContextFile[]> {
  return await Promise.all(
    Object.entries(programs).map(async ([name, path]) => ({
      name,
      bytes: await readProgram(path, architecture),
      mode: EXECUTABLE,
    })),
  );
}

function bundleName(at: number, name: string): string {
  return `${at}/${name}`;
}

async function readFiles(repository: string, source: ImageSource): Promise<ContextFile[]> {
  const paths = { [DOCKERFILE]: source.dockerfile, ...source.files };
  return await Promise.all(
    Object.entries(paths).map(async ([name, path]) => {
      const bytes = await readFile(resolve(repository, path)).catch((cause: unknown) => {
        throw new EnvironmentError({
          wanted: `read ${path} for the image ${source.tag}`,
          seen: (cause as Error).message,
          mend: "restore it: git checkout -- docker",
          cause,
        });
      });
      return { name, bytes, mode: 0o644 };
    }),
  );
}
