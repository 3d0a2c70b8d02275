import { posix } from "node:path";
import type { Readable } from "node:stream";
import type Docker from "dockerode";
import { extract, pack } from "tar-stream";
import { engineError, isGone, wanting } from "../api-errors.ts";

/** Writes a text file in a container, running or not, and the folders above it that are missing. */
export async function putFile(
  container: Docker.Container,
  name: string,
  path: string,
  text: string,
): Promise<void> {
  const tar = await tarOf([
    { header: { name: path.replace(/^\/+/, ""), mode: 0o644 }, bytes: Buffer.from(text) },
  ]);
  await wanting(`write ${path} in ${name}`, container.putArchive(tar, { path: "/" }));
}

/** Writes files in a container, running or not, that nobody but their owner may read. */
export async function putSecrets(
  container: Docker.Container,
  name: string,
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<void> {
  const tar = await tarOf(
    files.map(({ path, text }) => ({
      header: { name: path.replace(/^\/+/, ""), mode: 0o600 },
      bytes: Buffer.from(text),
    })),
  );
  await wanting(`give ${name} what it has to know`, container.putArchive(tar, { path: "/" }));
}

/**
 * Copies files (or folders) below `folder` from one container to another; neither has to run, which is how the content
 * of a volume is reached without a process that could touch it. Returns which of them were there.
 */
export async function copyFiles(copy: {
  readonly from: Docker.Container;
  readonly to: Docker.Container;
  readonly folder: string;
  readonly files: readonly string[];
  readonly name: string;
}): Promise<string[]> {
  const found: string[] = [];
  const entries: TarEntry[] = [];
  for (const file of copy.files) {
    const path = posix.join(copy.folder, file);
    const got = await readArchive(copy.from, path, copy.name);
    if (got === undefined) continue;
    found.push(file);
    // The engine names what it sends after the last part of the path.
    const above = posix.dirname(file);
    for (const { header, bytes } of got) {
      entries.push({ header: { ...header, name: posix.join(above, header.name) }, bytes });
    }
  }
  if (entries.length > 0) {
    const tar = await tarOf(entries);
    await wanting(`keep ${found.join(", ")} of ${copy.name}`, copy.to.putArchive(tar, { path: copy.folder }));
  }
  return found;
}

interface TarEntry {
  readonly header: {
    readonly name: string;
    readonly mode?: number;
    readonly type?: "file" | "directory" | "symlink";
  };
  readonly bytes: Buffer;
}

async function readArchive(
  container: Docker.Container,
  path: string,
  name: string,
): Promise<TarEntry[] | undefined> {
  let stream: Readable;
  try {
    stream = (await container.getArchive({ path })) as Readable;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw engineError(`read ${path} of ${name}`, error);
  }
  const entries: TarEntry[] = [];
  const reader = stream.pipe(extract());
  for await (const entry of reader) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    entries.push({ header: entry.header as TarEntry["header"], bytes: Buffer.concat(parts) });
  }
  return entries;
}

async function tarOf(entries: readonly TarEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const { header, bytes } of entries) tar.entry({ ...header, size: bytes.length }, bytes);
  tar.finalize();
  const parts: Buffer[] = [];
  for await (const part of tar) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
