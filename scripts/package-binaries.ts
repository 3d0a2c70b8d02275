import { mkdtempSync, rmSync } from "node:fs";
import { chmod, copyFile, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { installedNode } from "../harness/engines/docker/bases/installed.ts";
import { bundledTexts } from "../harness/engines/docker/images/bundle.ts";
import { toolCommand } from "./command.ts";

/**
 * Makes the control plane of this repository into three stand-alone Linux programs in `bin/` (Node's single executable
 * applications: the pinned `node` with the script inside), for `repro --system expanso`.
 *
 *     npx --yes pnpm@12 package               into bin/
 *     npx --yes pnpm@12 package FOLDER        elsewhere
 */
const REPOSITORY = fileURLToPath(new URL("../", import.meta.url));
const PROGRAMS = {
  "expanso-orchestrator": "controlplane/bin/orchestrator.ts",
  "expanso-edge": "controlplane/bin/edge.ts",
  "expanso-cli": "controlplane/bin/cli.ts",
};
/** What `node` looks for in itself to know that it has a script inside; the same in every version. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

const { args } = toolCommand(
  "npx --yes pnpm@12 package",
  "This repository's own control plane as three stand-alone Linux programs, for `repro --system expanso`.",
)
  .argument("[folder]", "where they go; bin/ unless told")
  .parse();
const folder = args[0] ?? join(REPOSITORY, "bin");
const say = (line: string) => void process.stdout.write(`${line}\n`);
const node = await installedNode(process.arch);
if (process.platform !== "linux" || "no" in node) {
  const seen = "no" in node ? node.no : `this is ${process.platform}`;
  process.stderr.write(
    `package: the programs are made on Linux, of the pinned node: ${seen}\n` +
      "  mend: on Linux, npx --yes pnpm@12 install --frozen-lockfile, then: npx --yes pnpm@12 package\n",
  );
  process.exit(3);
}
await mkdir(folder, { recursive: true });
// Beside where they go, so that a program comes under its name at once; and all that is half made is in it.
const work = mkdtempSync(join(folder, ".package-"));
try {
  // As CommonJS: the script inside a program cannot be a module in this version of Node.
  const scripts = await bundledTexts(REPOSITORY, PROGRAMS, { format: "cjs" });
  const made = [...scripts].map(async ([name, script]) => await makeProgram(name, script, node.file));
  // None is still at work in there when it is removed.
  await Promise.allSettled(made);
  for (const file of await Promise.all(made)) say(`${file}   ${node.title}`);
} finally {
  rmSync(work, { recursive: true });
}

/** Under its name only when it is whole: an image may be built of what is there at any moment. */
async function makeProgram(name: string, script: string, nodeFile: string): Promise<string> {
  // The same names each time, and no code that is compiled ahead: what is unchanged comes out the same to the byte, and
  // no image of it is built anew.
  const [main, output, config] = [`${name}.cjs`, `${name}.blob`, `${name}.json`];
  await writeFile(join(work, main), script);
  const settings = { main, output, disableExperimentalSEAWarning: true };
  await writeFile(join(work, config), JSON.stringify(settings));
  await execa(nodeFile, ["--experimental-sea-config", config], { cwd: work });
  const whole = join(folder, name);
  const part = join(work, name);
  await copyFile(nodeFile, part);
  await chmod(part, 0o755);
  // What it warns of concerns names in the notes of `node`, which nothing reads; a failure shows it all the same.
  const words = [part, "NODE_SEA_BLOB", join(work, output), "--sentinel-fuse", FUSE];
  await execa("postject", words, { preferLocal: true, localDir: REPOSITORY });
  await rename(part, whole);
  return whole;
}
