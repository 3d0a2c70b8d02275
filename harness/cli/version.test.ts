import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { versionLine } from "./version.ts";

it("is told with the commit, whether that is all, and the Node that it runs on", () => {
  const folder = mkdtempSync(join(tmpdir(), "repro-version-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "package.json"), '{ "name": "a-name", "version": "1.2.3" }');
  expect(versionLine(folder)).toBe(`a-name 1.2.3, Node.js ${process.versions.node}`);

  const git = (...words: readonly string[]) => {
    const who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
    const { status, stdout, stderr } = spawnSync("git", ["-C", folder, ...who, ...words], {
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return stdout.trim();
  };
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "first");
  const commit = git("rev-parse", "--short", "HEAD");
  expect(versionLine(folder)).toBe(`a-name 1.2.3, commit ${commit}, Node.js ${process.versions.node}`);
  writeFileSync(join(folder, "package.json"), '{ "name": "a-name", "version": "1.2.4" }');
  expect(versionLine(folder)).toBe(`a-name 1.2.4, commit ${commit}-dirty, Node.js ${process.versions.node}`);
});
