import { execa } from "execa";

/** What a program needs at run time, by the paths under which its loader looks. */
export interface SharedLibraries {
  readonly paths: readonly string[];
  readonly missing: readonly string[];
}

/** Asks the loader of this host; so the program must be for this host's architecture. */
export async function sharedLibraries(programs: readonly string[]): Promise<SharedLibraries> {
  // It exits 1 for a static program, which is no failure: that one needs nothing.
  const { stdout, stderr } = await execa("ldd", programs, { reject: false, env: { LC_ALL: "C" } });
  return parseLdd(`${stdout}\n${stderr}`);
}

/**
 * Lines are `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)`, `/lib64/ld-linux-x86-64.so.2 (0x…)` for the loader,
 * `libfoo.so => not found`, and `linux-vdso.so.1 (0x…)`, which is the kernel's and no file.
 */
export function parseLdd(output: string): SharedLibraries {
  const paths = new Set<string>();
  const missing = new Set<string>();
  for (const line of output.split("\n")) {
    const lost = /^\s*(\S+) => not found/.exec(line)?.[1];
    if (lost !== undefined) missing.add(lost);
    const path = /^\s*(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)/.exec(line)?.[1];
    if (path !== undefined) paths.add(path);
  }
  return { paths: [...paths].toSorted(), missing: [...missing].toSorted() };
}
