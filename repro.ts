#!/usr/bin/env -S npx --yes pnpm@12 --silent exec node
import { repro } from "./harness/cli/repro.ts";
import { scenarios } from "./scenarios/index.ts";

// At once: an interrupted run may have left a request to the engine that nobody waits for.
process.exit(await repro(process.argv.slice(2), scenarios));
