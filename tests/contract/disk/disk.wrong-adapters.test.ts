import type { Disk } from "../../../controlplane/ports/disk.ts";
import { testThatEachCaseCanFail, type WrongAdapter } from "../contract.ts";
import { diskContract, type DiskWorld, type TextKind } from "./disk.contract.ts";
import { openSimDiskWorld } from "./disk-worlds.ts";

/** The simulated disk, but for what is done otherwise, also after a kill or a power loss. */
function wrongDisk(does: string, twist: (disk: Disk) => Partial<Disk>): WrongAdapter<DiskWorld> {
  return {
    does,
    open: () => {
      const world = openSimDiskWorld();
      const disk = { ...world.disk, ...twist(world.disk) };
      return { ...world, disk, reopen: () => disk };
    },
  };
}

function changing(does: string, change: (text: string) => string): WrongAdapter<DiskWorld> {
  return wrongDisk(does, (disk) => ({ write: (path, text) => disk.write(path, change(text)) }));
}

const TEXTS = {
  JSON: changing("keeps the JSON value and not its text", (text) => (text.startsWith("{") ? "{}" : text)),
  "text beyond ASCII": changing("writes one byte a character", (text) =>
    Buffer.from(text, "latin1").toString("latin1"),
  ),
  "line breaks of every kind": changing("makes line breaks alike", (text) => text.replaceAll("\r\n", "\n")),
  "an empty text": wrongDisk("does not write what is empty", (disk) => ({
    write: (path, text) => {
      if (text !== "") disk.write(path, text);
    },
  })),
  "1 MiB": changing("writes the first block only", (text) => text.slice(0, 65_536)),
} as const satisfies Readonly<Record<TextKind, WrongAdapter<DiskWorld>>>;

testThatEachCaseCanFail("disk", diskContract, {
  "a file that was never written is not there": wrongDisk(
    "takes a missing file for an empty one",
    (disk) => ({
      read: (path) => disk.read(path) ?? "",
    }),
  ),
  ...Object.fromEntries(
    Object.entries(TEXTS).map(([kind, wrong]) => [
      `a file holds the text that was written, to the letter: ${kind}`,
      wrong,
    ]),
  ),
  "writing again replaces the whole text": wrongDisk("writes over the beginning of the old text", (disk) => ({
    write: (path, text) => disk.write(path, text + (disk.read(path) ?? "").slice(text.length)),
  })),
  "a file may lie in folders that did not exist": wrongDisk("wants folders to be made first", (disk) => ({
    write: (path, text) => {
      if (!path.includes("/")) disk.write(path, text);
    },
  })),
  "a removed file is not there, and not listed": wrongDisk(
    "empties a file instead of removing it",
    (disk) => ({
      remove: (path) => disk.write(path, ""),
    }),
  ),
  "removing what is not there does nothing": wrongDisk("complains of what is not there", (disk) => ({
    remove: (path) => {
      if (disk.read(path) === undefined) throw new Error(`no ${path}`);
    },
  })),
  "a folder lists the files directly in it, sorted": wrongDisk("lists in the order of writing", () => {
    const written: string[] = [];
    return {
      write: (path) => void written.push(path),
      list: (folder) =>
        written.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1)),
    };
  }),
  "the whole disk is a folder too": wrongDisk("knows only folders with a name", (disk) => ({
    list: (folder) => (folder === "" ? [] : disk.list(folder)),
  })),
  "a folder that does not exist lists nothing": wrongDisk("lists every folder's parent instead", (disk) => ({
    list: (folder) => {
      const found = disk.list(folder);
      return found.length === 0 ? [folder] : found;
    },
  })),
  "a reader sees the old text or the new, never a part": {
    does: "writes in two pieces",
    open: () => {
      const world = openSimDiskWorld();
      const seen: string[] = [];
      const write: Disk["write"] = (path, text) => {
        world.disk.write(path, text.slice(0, text.length / 2));
        seen.push(world.disk.read(path) ?? "");
        world.disk.write(path, text);
      };
      return {
        ...world,
        disk: { ...world.disk, write },
        readMeanwhile: (_, work) => {
          work();
          return Promise.resolve(seen);
        },
      };
    },
  },
  "what a killed process has written is there for the next one": {
    does: "writes when the process ends in peace",
    open: () => ({ ...openSimDiskWorld(), reopen: () => openSimDiskWorld().disk }),
  },
  "syncing after writing, replacing and removing does not fail, nor does syncing again": wrongDisk(
    "wants to sync a file that is gone",
    (disk) => {
      const written: string[] = [];
      return {
        write: (path, text) => {
          written.push(path);
          disk.write(path, text);
        },
        sync: () => {
          for (const path of written) if (disk.read(path) === undefined) throw new Error(`no ${path}`);
        },
      };
    },
  ),
  "what was synced survives a power loss, and what was not is as it was before": {
    does: "loses nothing with the power",
    open: () => {
      const world = openSimDiskWorld();
      return { ...world, losePower: () => world.disk };
    },
  },
});
