#!/usr/bin/env -S npx --yes pnpm@12 --silent exec node
import { repro } from "./harness/cli/repro.ts";
import { scenarios } from "./scenarios/index.ts";

process.exitCode = await repro(process.argv.slice(2), scenarios);
