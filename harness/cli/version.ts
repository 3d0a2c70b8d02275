import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `expanso-repro 0.1.0, commit 1a2b3c4, Node.js 24.21.0`: on what something was seen. */
export function versionLine(repository: string): string {
  const text = readFileSync(join(repository, "package.json"), "utf8");
  const { name, version } = JSON.parse(text) as { readonly name: string; readonly version: string };
  const commit = commitOf(repository);
  return [
    `${name} ${version}`,
    ...(commit === undefined ? [] : [`commit ${commit}`]),
    `Node.js ${process.versions.node}`,
  ].join(", ");
}

/** `-dirty` where something is not committed. Undefined without git, and for a copy without its history. */
function commitOf(repository: string): string | undefined {
  // A copy may lie in somebody else's repository: that one's commit says nothing about ours.
  if (!existsSync(join(repository, ".git"))) return undefined;
  const git = spawnSync("git", ["-C", repository, "describe", "--always", "--dirty", "--exclude", "*"], {
    encoding: "utf8",
  });
  return git.status === 0 ? git.stdout.trim() : undefined;
}
