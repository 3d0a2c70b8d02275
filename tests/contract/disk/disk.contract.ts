import { expect } from "vitest";
import type { Disk } from "../../../controlplane/ports/disk.ts";
import type { ContractCase, ContractWorld } from "../contract.ts";

export interface DiskWorld extends ContractWorld {
  readonly disk: Disk;
  /** The process that used it is killed, and another one opens it. */
  readonly reopen: () => Disk;
  readonly losePower: () => Disk;
  /** Every text that another program reads there, again and again, while `work` is done. */
  readonly readMeanwhile: (path: string, work: () => void) => Promise<readonly string[]>;
}

const TEXTS = {
  JSON: '{"a":"\\"quoted\\"","b":[1,null]}',
  "text beyond ASCII": "\uFEFFgrüße · 日本語 · 👩‍🚀",
  "line breaks of every kind": "one\ntwo\r\nthree\r\n\n",
  "an empty text": "",
  "1 MiB": "0123456789abcdef".repeat(64 * 1_024),
} as const;

export type TextKind = keyof typeof TEXTS;

/** Long enough to be written in several pieces. */
const LONG = 1_000_000;

export const diskContract: readonly ContractCase<DiskWorld>[] = [
  {
    name: "a file that was never written is not there",
    run: ({ disk }) => {
      expect(disk.read("missing.json")).toBeUndefined();
      expect(disk.read("no/such/folder/missing.json")).toBeUndefined();
    },
  },
  ...Object.entries(TEXTS).map(([kind, text]): ContractCase<DiskWorld> => ({
    name: `a file holds the text that was written, to the letter: ${kind}`,
    run: ({ disk }) => holds(disk, text),
  })),
  {
    name: "writing again replaces the whole text",
    run: ({ disk }) => {
      disk.write("state.json", "a long text");
      disk.write("state.json", "short");
      expect(disk.read("state.json")).toBe("short");
    },
  },
  {
    name: "a file may lie in folders that did not exist",
    run: ({ disk }) => {
      disk.write("executions/old/e-1.json", "text");
      expect(disk.read("executions/old/e-1.json")).toBe("text");
    },
  },
  {
    name: "a removed file is not there, and not listed",
    run: ({ disk }) => {
      disk.write("executions/e-1.json", "text");
      disk.write("executions/e-2.json", "text");
      disk.remove("executions/e-1.json");
      expect(disk.read("executions/e-1.json")).toBeUndefined();
      expect(disk.list("executions")).toEqual(["e-2.json"]);
    },
  },
  {
    name: "removing what is not there does nothing",
    run: ({ disk }) => {
      disk.write("executions/e-1.json", "text");
      expect(() => disk.remove("executions/e-2.json")).not.toThrow();
      expect(() => disk.remove("nowhere/e-1.json")).not.toThrow();
      expect(disk.list("executions")).toEqual(["e-1.json"]);
    },
  },
  {
    name: "a folder lists the files directly in it, sorted",
    run: ({ disk }) => {
      for (const path of [
        "in/b.json",
        "in/a.json",
        "in/C.json",
        "in/deeper/d.json",
        "inside/e.json",
        "f.json",
      ]) {
        disk.write(path, "text");
      }
      expect(disk.list("in")).toEqual(["C.json", "a.json", "b.json"]);
    },
  },
  {
    name: "the whole disk is a folder too",
    run: ({ disk }) => {
      disk.write("node.json", "text");
      disk.write("executions/e-1.json", "text");
      expect(disk.list("")).toEqual(["node.json"]);
    },
  },
  {
    name: "a folder that does not exist lists nothing",
    run: ({ disk }) => {
      expect(disk.list("nowhere")).toEqual([]);
    },
  },
  {
    name: "a reader sees the old text or the new, never a part",
    run: async ({ disk, readMeanwhile }) => {
      const texts = ["a".repeat(LONG), "b".repeat(LONG)] as const;
      disk.write("state.json", texts[0]);
      const seen = await readMeanwhile("state.json", () => {
        for (let round = 0; round < 20; round += 1) {
          disk.write("state.json", texts[1]);
          disk.write("state.json", texts[0]);
        }
      });
      expect(seen.map((text) => text.length)).toEqual(seen.map(() => LONG));
      expect(texts).toEqual(expect.arrayContaining([...seen]));
    },
  },
  {
    name: "what a killed process has written is there for the next one",
    run: ({ disk, reopen }) => {
      disk.write("executions/e-1.json", "one");
      disk.write("executions/e-2.json", "two");
      disk.remove("executions/e-1.json");
      const next = reopen();
      expect(next.list("executions")).toEqual(["e-2.json"]);
      expect(next.read("executions/e-2.json")).toBe("two");
    },
  },
  {
    name: "syncing after writing, replacing and removing does not fail, nor does syncing again",
    run: ({ disk }) => {
      expect(() => disk.sync()).not.toThrow();
      disk.write("kept.json", "one");
      disk.write("kept.json", "two");
      disk.write("gone.json", "text");
      disk.remove("gone.json");
      disk.remove("never.json");
      expect(() => disk.sync()).not.toThrow();
      expect(() => disk.sync()).not.toThrow();
      expect(disk.read("kept.json")).toBe("two");
    },
  },
  {
    name: "what was synced survives a power loss, and what was not is as it was before",
    run: ({ disk, losePower }) => {
      disk.write("synced.json", "one");
      disk.write("removed.json", "one");
      disk.sync();
      disk.write("synced.json", "two");
      disk.remove("removed.json");
      disk.write("new.json", "text");
      const after = losePower();
      expect(after.list("")).toEqual(["removed.json", "synced.json"]);
      expect(after.read("synced.json")).toBe("one");
    },
  },
];

function holds(disk: Disk, text: string): void {
  disk.write("state.json", text);
  expect(disk.read("state.json")).toBe(text);
}
