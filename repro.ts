#!/usr/bin/env -S npx --yes pnpm@12 --silent exec node
import { repro } from "./harness/cli/repro.ts";
import { scenarios } from "./scenarios/index.ts";

const exitCode = await repro(process.argv.slice(2), scenarios);
// A pipe takes its time: what was written has to be through before this process is gone.
await Promise.all([process.stdout, process.stderr].map(flushed));
// At once: an interrupted run may have left a request to the engine that nobody waits for.
process.exit(exitCode);

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  // Also called, with an error, when the reader has left.
  return new Promise((resolve) => void stream.write("", () => resolve()));
}
