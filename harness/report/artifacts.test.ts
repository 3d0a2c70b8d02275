import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EnvironmentError } from "../errors.ts";
import { aResult } from "../test-kit/a-result.ts";
import { aStep, aTimeline } from "../test-kit/a-timeline.ts";
import { openArtifacts, pointLatestAt } from "./artifacts.ts";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "repro-artifacts-"))));
afterEach(() => rmSync(root, { recursive: true }));

// Node's own recursive mkdir never returns there; `timeout` would not help, it does not yield.
it.runIf(process.platform === "linux")("a folder that no file system will make is refused", () => {
  expect(() => openArtifacts("/proc/repro/run", { live: false })).toThrow(EnvironmentError);
});

describe.each([true, false])("the report of a run, live: %s", (live) => {
  it("has the result, the record and each machine's log", () => {
    const folder = join(root, "deep", "run");
    const artifacts = openArtifacts(folder, { live });
    artifacts.line("nats", "one");
    artifacts.line("edge1", "two");
    artifacts.line("nats", "three");
    const timeline = aTimeline([aStep({ atMs: 1 }), aStep({ atMs: 2 })]);
    artifacts.finish(timeline, aResult(), {});

    expect(readdirSync(folder).sort()).toEqual(["logs", "result.json", "timeline.jsonl"]);
    expect(read(folder, "logs/nats.log")).toBe("one\nthree\n");
    expect(read(folder, "logs/edge1.log")).toBe("two\n");
    expect(JSON.parse(read(folder, "result.json"))).toEqual(aResult());
    const entries = read(folder, "timeline.jsonl").trimEnd().split("\n");
    expect(entries.map((line) => JSON.parse(line) as unknown)).toEqual(timeline);
  });

  it("has what was made of it for people, and a script that can be run", () => {
    const artifacts = openArtifacts(root, { live });
    artifacts.finish([], aResult(), { "issue.md": "# so\n", "repro.sh": "exit 0\n" });
    expect(read(root, "issue.md")).toBe("# so\n");
    expect(read(root, "repro.sh")).toBe("exit 0\n");
    const isRunnable = (file: string) => (statSync(join(root, file)).mode & 0o111) !== 0;
    expect(["issue.md", "repro.sh"].map(isRunnable)).toEqual([false, true]);
  });

  it("keeps the logs of a run that has no result", () => {
    const artifacts = openArtifacts(root, { live });
    artifacts.line("nats", "one");
    expect(artifacts.abandon()).toBe(true);
    expect(readdirSync(root)).toEqual(["logs"]);
    expect(read(root, "logs/nats.log")).toBe("one\n");
  });

  it("loses no line of a long log", () => {
    const artifacts = openArtifacts(root, { live });
    const lines = Array.from({ length: 3_000 }, (_, index) => `${index} ${"x".repeat(50)}`);
    for (const line of lines) artifacts.line("nats", line);
    artifacts.abandon();
    expect(read(root, "logs/nats.log")).toBe(`${lines.join("\n")}\n`);
  });

  it("takes the place of an earlier one in the same folder", () => {
    for (const text of ["first", "second"]) {
      const artifacts = openArtifacts(root, { live });
      artifacts.line("nats", text);
      artifacts.abandon();
    }
    expect(read(root, "logs/nats.log")).toBe("second\n");
  });

  it("leaves alone what else is in that folder", () => {
    writeFileSync(join(root, "notes.txt"), "mine");
    expect(openArtifacts(root, { live }).abandon()).toBe(false);
    expect(readdirSync(root)).toEqual(["notes.txt"]);
    expect(read(root, "notes.txt")).toBe("mine");
  });

  it("leaves no empty folder of a run that printed nothing", () => {
    const folder = join(root, "run");
    openArtifacts(folder, { live }).abandon();
    expect(existsSync(folder)).toBe(false);
  });
});

describe("a folder that cannot be written", () => {
  it("is refused at the start, with what was seen and what to do", () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    const open = () => openArtifacts(join(file, "run"), { live: true });
    expect(open).toThrow(EnvironmentError);
    expect(open).toThrow(`a report in ${join(file, "run")}: ENOTDIR: not a directory`);
  });

  it.each([true, false])("in the middle of a run is told at its end, live: %s", (live) => {
    const artifacts = openArtifacts(root, { live });
    mkdirSync(join(root, "logs", "nats.log"));
    for (const text of ["one", "two"]) artifacts.line("nats", text);
    artifacts.line("edge1", "three");
    const finish = () => artifacts.finish([], aResult(), {});
    expect(finish).toThrow(EnvironmentError);
    expect(finish).toThrow(/^a report in .*: EISDIR/);
  });

  it.each([true, false])("does not hide why a run has no result, live: %s", (live) => {
    const artifacts = openArtifacts(root, { live });
    mkdirSync(join(root, "logs", "nats.log"));
    artifacts.line("nats", "one");
    expect(() => artifacts.abandon()).not.toThrow();
  });
});

describe("latest", () => {
  it("points at the newest run, from beside it", () => {
    for (const run of ["one", "two"]) {
      mkdirSync(join(root, run));
      pointLatestAt(join(root, run));
      expect(readlinkSync(join(root, "latest"))).toBe(run);
    }
  });

  it("is nothing to fail for, where it cannot be made", () => {
    mkdirSync(join(root, "latest", "in-the-way"), { recursive: true });
    expect(() => pointLatestAt(join(root, "run"))).not.toThrow();
  });
});

function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), "utf8");
}
