import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pack } from "tar-stream";

/** A file in a build context, or in a base image. */
export interface ContextFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly mode: number;
}

/** A digest of all that goes into an image: same digest, same image, so there is nothing to build. */
export function contentDigest(
  baseId: string,
  files: readonly ContextFile[],
  args: Readonly<Record<string, string>> = {},
): string {
  const hash = createHash("sha256").update(`${baseId}\0`);
  for (const [name, value] of Object.entries(args).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name}=${value}\0`);
  for (const { name, bytes, mode } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`${name}\0${mode}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

/** The context as the engine takes it. Times are pinned: they say when it was packed, not what it is. */
export function contextTar(files: readonly ContextFile[]): NodeJS.ReadableStream {
  const tar = pack();
  for (const { name, bytes, mode } of files)
    tar.entry({ name, mode, mtime: new Date(0), size: bytes.length }, bytes);
  tar.finalize();
  return Readable.from(tar);
}
