#!/usr/bin/env -S sh -c 'exec sh "$(dirname "$(readlink -f "$0")")/scripts/on-pinned-node.sh" "$0" "$@"'
import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Types are stripped and modules compiled once, not at every start; where that cannot be kept, it is done again.
// By the environment for processes that are started, such as the CLI that checks the job files.
const cache = join(import.meta.dirname, "node_modules", ".cache", "repro");
process.env["NODE_COMPILE_CACHE"] ??= cache;
enableCompileCache(cache);
const { repro } = await import("./harness/cli/repro.ts");
const { scenarios } = await import("./scenarios/index.ts");

// At once: an interrupted run may have left a request to the engine that nobody waits for.
process.exit(await repro(process.argv.slice(2), scenarios));
