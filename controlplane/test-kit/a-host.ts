import type { Host } from "../ports/host.ts";

/** A machine called `edge.local` that keeps what is written to its standard output. */
export function aHost(): Host & { readonly output: readonly string[] } {
  const output: string[] = [];
  return {
    output,
    hostname: "edge.local",
    os: "linux",
    arch: "x64",
    env: () => undefined,
    writeLine: (line) => void output.push(line),
  };
}
