import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { EnvironmentError } from "../errors.ts";
import { readProgram } from "./read-program.ts";

const folder = mkdtempSync(join(tmpdir(), "repro-programs-"));
afterAll(() => rmSync(folder, { recursive: true }));
const ours = (file: string) => relative(process.cwd(), join(folder, file));

describe("a Linux program", () => {
  it.each([
    ["for amd64", elf({ machine: 0x3e }), "amd64"],
    ["for arm64, loaded anywhere", elf({ machine: 0xb7, type: 3 }), "arm64"],
    [
      "that says GNU/Linux, of the other order of bytes",
      elf({ machine: 0x28, abi: 3, isBigEndian: true }),
      "arm",
    ],
    ["of an architecture that nobody asked about", elf({ machine: 0x3e }), undefined],
    ["of an architecture without a name here", elf({ machine: 0x15 }), "machine 21"],
  ])("%s is read as it is", async (_what, bytes, architecture) => {
    expect(await readProgram(aFile("good", bytes), architecture)).toEqual(bytes);
  });

  it("may be a link", async () => {
    const path = join(folder, "link");
    symlinkSync(aFile("behind", elf({})), path);
    expect(await readProgram(path, "amd64")).toEqual(elf({}));
  });

  it.each([
    [
      "for arm64, where the engine is amd64",
      elf({ machine: 0xb7 }),
      "it is for arm64, and the engine is amd64",
    ],
    ["for macOS", hex("cffaedfe0c00000100000000020000001000000058"), "it is a program for macOS (Mach-O)"],
    [
      "for macOS, of two architectures",
      hex("cafebabe00000002010000070000000300004000"),
      "it is a program for macOS (Mach-O)",
    ],
    ["for Windows", hex("4d5a90000300000004000000ffff0000b8000000"), "it is a program for Windows (PE)"],
    ["for FreeBSD", elf({ abi: 9 }), "it is a program (ELF), but for another system than Linux"],
    ["a part of a program", elf({ type: 1 }), "it is no program, but a part of one (ELF)"],
    ["a script", Buffer.from("#!/bin/sh\nexec real\n"), "it is a script, not a Linux program (ELF)"],
    [
      "something else",
      Buffer.from("version https://git-lfs.github.com/spec/v1\n"),
      "it is no Linux program (ELF)",
    ],
    ["broken off", elf({}).subarray(0, 12), "it breaks off in its first bytes (ELF)"],
    ["empty", Buffer.alloc(0), "it is empty"],
  ])("that is %s is refused, and has to be built", async (_what, bytes, seen) => {
    expect(await refusal(aFile("bad", bytes))).toEqual([
      `the Linux program ${ours("bad")}: ${seen}`,
      "build it for Linux (in Go: GOOS=linux GOARCH=amd64), and put it there",
    ]);
  });

  it("that may not be executed is refused, whoever asks", async () => {
    const path = aFile("bare", elf({}));
    chmodSync(path, 0o644);
    expect(await refusal(path)).toEqual([
      `the Linux program ${ours("bare")}: it is not executable`,
      `chmod +x ${ours("bare")}`,
    ]);
  });

  it("that is not there, or a folder, has to be put there", async () => {
    const mend = "put it there; or, to try it with this repository's own: npx --yes pnpm@12 package";
    expect(await refusal(join(folder, "gone"))).toEqual([
      `the Linux program ${ours("gone")}: it is not there`,
      mend,
    ]);
    mkdirSync(join(folder, "folder"));
    expect(await refusal(join(folder, "folder"))).toEqual([
      `the Linux program ${ours("folder")}: it is no file`,
      mend,
    ]);
  });
});

async function refusal(path: string): Promise<readonly string[]> {
  const error = await readProgram(path, "amd64").catch((reason: unknown) => reason);
  if (!(error instanceof EnvironmentError)) throw new Error("it was not refused", { cause: error });
  return [error.message, error.mend];
}

function aFile(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  chmodSync(path, 0o755);
  return path;
}

/** The beginning of an ELF file, and a little more. */
function elf({
  machine = 0x3e,
  type = 2,
  abi = 0,
  isBigEndian = false,
}: {
  readonly machine?: number;
  readonly type?: number;
  readonly abi?: number;
  readonly isBigEndian?: boolean;
}): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, isBigEndian ? 2 : 1, 1, abi]);
  for (const [at, value] of [
    [16, type],
    [18, machine],
  ] as const)
    if (isBigEndian) bytes.writeUInt16BE(value, at);
    else bytes.writeUInt16LE(value, at);
  return bytes;
}

function hex(text: string): Buffer {
  return Buffer.from(text, "hex");
}
