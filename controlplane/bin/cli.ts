import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createNodeHttpClient } from "../adapters/node-http-client.ts";
import { processHost } from "../adapters/process-host.ts";
import type { CliPorts, ProfileStore } from "../cli/ports.ts";
import { runCli } from "../cli/run-cli.ts";

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});

const ports: CliPorts = {
  http: createNodeHttpClient(),
  insecureHttp: createNodeHttpClient({ insecure: true }),
  host: processHost,
  files: { readFile: readTextFile, readStdin },
  profiles: openProfileStore(),
  loadYaml: async () => (await import("../cli/yaml-tools.ts")).yamlTools,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isTerminal: process.stdout.isTTY,
};
// Not awaited here: as one file for Linux (scripts/package-binaries.ts) it is CommonJS, which cannot.
void main();

async function main(): Promise<void> {
  process.exitCode = await runCli(process.argv.slice(2), ports);
}

function readTextFile(path: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code === "EISDIR") throw new Error("it is a folder", { cause: error });
    if (code === "EACCES") throw new Error("permission denied", { cause: error });
    if (error instanceof TypeError) throw new Error("it is not a text in UTF-8", { cause: error });
    throw error;
  }
}

async function readStdin(): Promise<string> {
  process.stdin.setEncoding("utf8");
  let text = "";
  for await (const part of process.stdin as AsyncIterable<string>) text += part;
  return text;
}

function openProfileStore(): ProfileStore {
  const { XDG_CONFIG_HOME: configHome, HOME: home } = process.env;
  const folder = configHome || (home && join(home, ".config"));
  // A container may have no home at all, and does without profiles.
  const path = folder && join(folder, "expanso", "cli-profiles.json");
  return {
    name: path || "$XDG_CONFIG_HOME/expanso/cli-profiles.json",
    read: () => (path ? readTextFile(path) : undefined),
    write: (text) => {
      if (!path) throw new Error("neither XDG_CONFIG_HOME nor HOME is set");
      writePrivately(path, text);
    },
  };
}

/** Replaces a file as a whole; at no moment can anybody but its owner read it. */
function writePrivately(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: "wx" });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
