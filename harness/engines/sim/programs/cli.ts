import { runCli } from "../../../../controlplane/cli/run-cli.ts";
import { yamlTools } from "../../../../controlplane/cli/yaml-tools.ts";
import { createSimHttpClient } from "../network/http.ts";
import { hostOf } from "./ports.ts";
import type { Command } from "./program.ts";

/** `expanso-cli`, as `controlplane/bin/cli.ts` starts it, on simulated ports. */
export const cliCommand: Command = async (world, argv, stdin) => {
  const said = { stdout: "", stderr: "" };
  const http = createSimHttpClient(world);
  const exitCode = await runCli(argv.slice(1), {
    http,
    insecureHttp: http,
    host: hostOf(world),
    files: { readFile: (path) => world.disk.read(path), readStdin: () => Promise.resolve(stdin) },
    profiles: { name: "profiles.json", read: () => undefined, write: () => {} },
    loadYaml: () => Promise.resolve(yamlTools),
    out: (text) => {
      said.stdout += text;
    },
    err: (text) => {
      said.stderr += text;
    },
    isTerminal: false,
  });
  return { exitCode, ...said };
};
