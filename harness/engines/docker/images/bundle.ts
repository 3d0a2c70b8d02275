import { resolve } from "node:path";
import { build, type BuildFailure, type OutputFile } from "esbuild";
import { EnvironmentError } from "../../../errors.ts";

/**
 * Bundles TypeScript entry points, each into one executable file. All in one go: esbuild takes as long for five of
 * them as for one.
 * @param entryPoints names of our choice → paths relative to `repository`.
 */
export async function bundle(
  repository: string,
  entryPoints: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, Buffer>> {
  const names = Object.keys(entryPoints);
  if (names.length === 0) return new Map();
  const folder = resolve(repository, "bundled");
  const files = await build({
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
    format: "esm",
    target: "node24",
    minify: false,
    // For dependencies in CommonJS: what they `require` of node's own modules stays a call to `require`.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "silent",
  }).then(({ outputFiles }) => outputFiles, rejectedAs(Object.values(entryPoints)));
  return new Map(names.map((name) => [name, executable(files, resolve(folder, `${name}.mjs`))]));
}

/** First of all the interpreter itself: the images have no /usr/bin/env to look for it. */
const HASHBANG = "#!/usr/local/bin/node\n";

function executable(files: readonly OutputFile[], path: string): Buffer {
  const file = files.find((output) => output.path === path);
  if (file === undefined) throw new Error(`esbuild wrote no ${path}`);
  return Buffer.from(HASHBANG + file.text.replace(/^#!.*\n/, ""));
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
