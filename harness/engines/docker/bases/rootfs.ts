import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { basename, dirname, join } from "node:path";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { jsonLines } from "../json-lines.ts";
import type { Program } from "./installed.ts";

/** The file system of an assembled base. */
export interface Rootfs {
  readonly program: Program;
  /** Paths on this host, kept in the image: the loader looks for them there. */
  readonly libraries: readonly string[];
  readonly digest: string;
}

export async function gatherRootfs(program: Program, needed: readonly string[]): Promise<Rootfs> {
  const libraries = [...needed, ...(await resolvers(needed))];
  const hash = createHash("sha256").update(JSON.stringify([LAYOUT, FILES, program.inImage, program.version]));
  // A pinned npm package's version says what 120 MB would; everything else is small enough to be read.
  if (program.version === undefined) hash.update(await readFile(program.file));
  else hash.update(String((await stat(program.file)).size));
  for (const path of libraries) hash.update(path).update(await readFile(path));
  return { program, libraries, digest: hash.digest("hex") };
}

/**
 * Sends it to the engine as an image of one layer, and returns the image's id. It gets a tag of its own, because the
 * engine's list leaves out what has none and is built upon.
 */
export async function importRootfs(
  docker: Docker,
  rootfs: Rootfs,
  as: { readonly repo: string; readonly tag: string; readonly labels: Readonly<Record<string, string>> },
): Promise<string> {
  const tar = pack();
  const changes = Object.entries(as.labels).map(([name, value]) => `LABEL ${name}=${value}`);
  const [progress] = await Promise.all([
    docker.importImage(Readable.from(tar), { repo: as.repo, tag: as.tag, changes }),
    writeRootfs(tar, rootfs),
  ]).finally(() => tar.destroy());
  let id: string | undefined;
  for await (const line of jsonLines(progress)) {
    const step = line as { status?: string; error?: string };
    if (step.error !== undefined) throw new Error(step.error);
    if (step.status?.startsWith("sha256:")) id = step.status;
  }
  if (id === undefined) throw new Error("the engine finished without naming an image");
  return id;
}

/** Raised when what `writeRootfs` writes changes, so that bases made by an older version are made anew. */
const LAYOUT = 1;

const FOLDERS: readonly { readonly name: string; readonly mode: number }[] = [
  { name: "etc", mode: 0o755 },
  { name: "root", mode: 0o700 },
  // For `docker cp` and for programs that take it for granted.
  { name: "tmp", mode: 0o1777 },
  { name: "usr/local/bin", mode: 0o755 },
  { name: "var/lib", mode: 0o755 },
];

const FILES: Readonly<Record<string, string>> = {
  "etc/passwd":
    "root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n",
  "etc/group": "root:x:0:\nnogroup:x:65534:\n",
  // Without it the C library asks nobody, and the names of the other machines do not resolve.
  "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
};

async function writeRootfs(tar: ReturnType<typeof pack>, { program, libraries }: Rootfs): Promise<void> {
  for (const { name, mode } of FOLDERS) tar.entry({ name, mode, type: "directory", mtime: EPOCH });
  for (const [name, text] of Object.entries(FILES)) tar.entry({ name, mtime: EPOCH }, text);
  for (const path of libraries)
    tar.entry({ name: path.slice(1), mode: 0o755, mtime: EPOCH }, await readFile(path));
  const { size } = await stat(program.file);
  const entry = tar.entry({ name: program.inImage, mode: 0o755, mtime: EPOCH, size });
  await pipeline(createReadStream(program.file, { highWaterMark: 1 << 20 }), entry);
  tar.finalize();
}

const EPOCH = new Date(0);

/**
 * The C library loads these by name when it first resolves one, so no program lists them. (From glibc 2.34 on they are
 * part of it; then the files are stubs, or not there.)
 */
async function resolvers(libraries: readonly string[]): Promise<string[]> {
  const libc = libraries.find((path) => basename(path).startsWith("libc.so"));
  if (libc === undefined) return [];
  const paths = ["libnss_files.so.2", "libnss_dns.so.2"].map((name) => join(dirname(libc), name));
  const there = await Promise.allSettled(paths.map((path) => access(path)));
  return paths.filter((_, at) => there[at]?.status === "fulfilled");
}
