import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { relative } from "node:path";
import { EnvironmentError } from "../errors.ts";
import { HEAD_BYTES, programKind } from "./program-kind.ts";

/**
 * The bytes of a Linux program that somebody has put there: present, executable, and for this architecture if one is
 * named.
 * @throws EnvironmentError naming the file, what was seen, and the command that mends it.
 */
export async function readProgram(path: string, architecture?: string): Promise<Buffer> {
  const name = relative(process.cwd(), path) || path;
  const refuse = (seen: string, mend: string, cause?: unknown): never => {
    throw new EnvironmentError({ wanted: `the Linux program ${name}`, seen, mend, cause });
  };
  const rebuild = (why: string) =>
    refuse(
      why,
      `build it for Linux (in Go: GOOS=linux GOARCH=${architecture ?? "amd64 or arm64"}), and put it there`,
    );

  const info = await stat(path).catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    return refuse(code === "ENOENT" ? "it is not there" : message, MISSING, cause);
  });
  if (!info.isFile()) refuse("it is no file", MISSING);
  // By the bits, and not by trying: whoever is root may execute nearly anything.
  if ((info.mode & (constants.S_IXUSR | constants.S_IXGRP | constants.S_IXOTH)) === 0)
    refuse("it is not executable", `chmod +x ${name}`);
  await access(path, constants.R_OK).catch((cause: unknown) =>
    refuse("it cannot be read", `chmod +r ${name}`, cause),
  );
  const bytes = await readFile(path);
  const kind = programKind(bytes.subarray(0, HEAD_BYTES));
  if (kind.is === "other") return rebuild(kind.what);
  if (architecture !== undefined && kind.architecture !== architecture)
    return rebuild(`it is for ${kind.architecture}, and the engine is ${architecture}`);
  return bytes;
}

const MISSING = "put it there; or, to try it with this repository's own: npx --yes pnpm@12 package";
