import { hostname } from "node:os";
import type { Host } from "../ports/host.ts";

/** The machine that this process runs on. */
export const processHost: Host = {
  hostname: hostname(),
  os: process.platform,
  arch: process.arch,
  env: (name) => process.env[name],
  writeLine: (line) => {
    process.stdout.write(`${line}\n`);
  },
};
