import { resolve } from "node:path";
import { build, type BuildFailure, type BuildOptions, type OutputFile } from "esbuild";
import { EnvironmentError } from "../../../errors.ts";

/**
 * Bundles TypeScript entry points, each into one executable file.
 * @param entryPoints names of our choice → paths relative to `repository`.
 */
export async function bundle(
  repository: string,
  entryPoints: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, Buffer>> {
  const texts = await bundledTexts(repository, entryPoints, {
    format: "esm",
    // For dependencies in CommonJS: what they `require` of node's own modules stays a call to `require`.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  return new Map([...texts].map(([name, text]) => [name, Buffer.from(HASHBANG + text)]));
}

/** First of all the interpreter itself: the images have no /usr/bin/env to look for it. */
const HASHBANG = "#!/usr/local/bin/node\n";

/**
 * Bundles each into the text of one script, without a first line for an interpreter. All in one go: esbuild takes as
 * long for five of them as for one.
 */
export async function bundledTexts(
  repository: string,
  entryPoints: Readonly<Record<string, string>>,
  kind: Pick<BuildOptions, "banner"> & { readonly format: "esm" | "cjs" },
): Promise<ReadonlyMap<string, string>> {
  const names = Object.keys(entryPoints);
  if (names.length === 0) return new Map();
  const folder = resolve(repository, "bundled");
  const files = await build({
    ...kind,
    absWorkingDir: repository,
    entryPoints: Object.entries(entryPoints).map(([name, path]) => ({
      in: resolve(repository, path),
      out: name,
    })),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    write: false,
    bundle: true,
    platform: "node",
    target: "node24",
    minify: false,
    logLevel: "silent",
  }).then(({ outputFiles }) => outputFiles, rejectedAs(Object.values(entryPoints)));
  return new Map(names.map((name) => [name, textOf(files, resolve(folder, `${name}.mjs`))]));
}

function textOf(files: readonly OutputFile[], path: string): string {
  const file = files.find((output) => output.path === path);
  if (file === undefined) throw new Error(`esbuild wrote no ${path}`);
  return file.text.replace(/^#!.*\n/, "");
}

function rejectedAs(paths: readonly string[]) {
  return (cause: unknown): never => {
    const [first] = (cause as Partial<BuildFailure>).errors ?? [];
    const at = first?.location ? `${first.location.file}:${first.location.line}: ` : "";
    throw new EnvironmentError({
      wanted: `bundle ${paths.join(", ")} for the images`,
      seen: `${at}${first?.text ?? String(cause)}`,
      mend: "see what the compiler says: npx --yes pnpm@12 types",
      cause,
    });
  };
}
