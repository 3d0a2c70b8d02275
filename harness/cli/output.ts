import { EnvironmentError } from "../errors.ts";

/**
 * What becomes of what is printed. Whoever reads along may leave (`| head`, a terminal that is closed): the run goes on
 * all the same, and cleans up. Anything else, such as a full disk, ends it: a result that is not written is none.
 */
export function watchOutput(end: (reason: Error) => void): { throwIfBroken(): void } {
  let broken: EnvironmentError | undefined;
  for (const [what, stream] of [
    ["standard output", process.stdout],
    ["standard error", process.stderr],
  ] as const) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE" || error.code === "EIO") return;
      broken ??= new EnvironmentError({
        wanted: `write to ${what}`,
        seen: error.message,
        mend: "make room where it goes, or send it elsewhere; see the disks: df -h",
        cause: error,
      });
      end(broken);
    });
  }
  return {
    throwIfBroken: () => {
      if (broken !== undefined) throw broken;
    },
  };
}
