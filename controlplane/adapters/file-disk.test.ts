import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openFileDisk } from "./file-disk.ts";

function aDisk() {
  const folder = mkdtempSync(join(tmpdir(), "file-disk-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, disk: openFileDisk(folder) };
}

describe("a disk", () => {
  it("is made with its folders, where there is none yet", () => {
    const { folder } = aDisk();
    openFileDisk(join(folder, "a", "b"));
    expect(statSync(join(folder, "a", "b")).isDirectory()).toBe(true);
  });

  it("gives back what was written, also to the next who opens it", () => {
    const { folder, disk } = aDisk();
    disk.write("identity.json", "grün\n");
    disk.write("executions/e1.json", "one");
    disk.write("executions/e1.json", "two");
    for (const reader of [disk, openFileDisk(folder)]) {
      expect([reader.read("identity.json"), reader.read("executions/e1.json")]).toEqual(["grün\n", "two"]);
    }
  });

  it("shows nobody else what is on it", () => {
    const { folder, disk } = aDisk();
    disk.write("identity.json", "mine");
    disk.write("identity.json", "mine still");
    expect(statSync(join(folder, "identity.json")).mode & 0o777).toBe(0o600);
  });

  it("has no text for a file that is not there", () => {
    const { disk } = aDisk();
    expect([disk.read("no"), disk.read("no/way")]).toEqual([undefined, undefined]);
  });

  it("removes a file, and nothing where there is none", () => {
    const { disk } = aDisk();
    disk.write("a/b", "x");
    disk.remove("a/b");
    disk.remove("a/b");
    disk.remove("never/was");
    disk.sync();
    expect([disk.read("a/b"), disk.list("a")]).toEqual([undefined, []]);
  });

  it("can be synced as often as one likes", () => {
    const { disk } = aDisk();
    disk.sync();
    disk.write("a/b", "x");
    disk.write("a/c", "x");
    disk.remove("a/c");
    disk.sync();
    disk.sync();
    expect(disk.read("a/b")).toBe("x");
  });
});

describe("a write", () => {
  it("replaces the file as a whole: a reader that has it open keeps the old text", () => {
    const { folder, disk } = aDisk();
    disk.write("f", "old");
    const { ino } = statSync(join(folder, "f"));
    disk.write("f", "new");
    expect(statSync(join(folder, "f")).ino).not.toBe(ino);
  });

  it("that fails leaves the old text, and no draft that anybody would read", () => {
    const { folder, disk } = aDisk();
    // A folder in the way: the last step of the write cannot succeed.
    mkdirSync(join(folder, "executions", "e1.json", "in-the-way"), { recursive: true });
    disk.write("executions/e2.json", "old");
    expect(() => disk.write("executions/e1.json", "new")).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(disk.list("executions")).toEqual(["e2.json"]);
    expect(disk.read("executions/e2.json")).toBe("old");
  });

  it("leaves nothing else behind", () => {
    const { folder, disk } = aDisk();
    disk.write("a/f", "x");
    expect(readdirSync(join(folder, "a"))).toEqual(["f"]);
    expect(readFileSync(join(folder, "a", "f"), "utf8")).toBe("x");
  });
});

describe("a list", () => {
  it("names the files in a folder, sorted; no folders, no drafts", () => {
    const { folder, disk } = aDisk();
    for (const name of ["b", "a", "c"]) disk.write(`f/${name}`, "");
    disk.write("f/deeper/d", "");
    writeFileSync(join(folder, "f", ".draft-1"), "half");
    expect(disk.list("f")).toEqual(["a", "b", "c"]);
  });

  it("is empty where there is no folder", () => {
    expect(aDisk().disk.list("none")).toEqual([]);
  });
});
