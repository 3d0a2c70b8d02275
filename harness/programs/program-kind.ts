/** What a file is, by its first bytes. */
export type ProgramKind =
  | { readonly is: "linux"; readonly architecture: string }
  /** For people: what it is instead. */
  | { readonly is: "other"; readonly what: string };

/** How many bytes at the beginning of a file tell all of it. */
export const HEAD_BYTES = 20;

/** By ELF's `e_machine`, in the names that images and Go have for them. */
const ARCHITECTURES: Readonly<Record<number, string>> = {
  0x03: "386",
  0x28: "arm",
  0x3e: "amd64",
  0xb7: "arm64",
  0xf3: "riscv64",
};

/** `EI_OSABI` of programs for Linux: none in particular, or GNU. */
const LINUX_ABIS: readonly number[] = [0, 3];
/** `e_type` of a program: one that is loaded where it says, or anywhere. */
const PROGRAM_TYPES: readonly number[] = [2, 3];
/** Mach-O of 32 and 64 bits, in either order of bytes, and several in one file. */
const MACH_O: readonly string[] = ["feedface", "feedfacf", "cefaedfe", "cffaedfe", "cafebabe", "cafebabf"];

export function programKind(head: Buffer): ProgramKind {
  const magic = head.subarray(0, 4).toString("hex");
  if (magic === "7f454c46") return elfKind(head);
  if (head.length === 0) return other("it is empty");
  if (MACH_O.includes(magic)) return other("it is a program for macOS (Mach-O)");
  if (magic.startsWith("4d5a")) return other("it is a program for Windows (PE)");
  if (magic.startsWith("2321")) return other("it is a script, not a Linux program (ELF)");
  return other("it is no Linux program (ELF)");
}

function elfKind(head: Buffer): ProgramKind {
  if (head.length < HEAD_BYTES) return other("it breaks off in its first bytes (ELF)");
  const isBigEndian = head[5] === 2;
  const number = (at: number) => (isBigEndian ? head.readUInt16BE(at) : head.readUInt16LE(at));
  if (!LINUX_ABIS.includes(head[7] ?? 0))
    return other("it is a program (ELF), but for another system than Linux");
  if (!PROGRAM_TYPES.includes(number(16))) return other("it is no program, but a part of one (ELF)");
  const machine = number(18);
  return { is: "linux", architecture: ARCHITECTURES[machine] ?? `machine ${machine}` };
}

function other(what: string): ProgramKind {
  return { is: "other", what };
}
