import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ImageSource, MachineSpec } from "../../engines/engine.ts";
import { bundledSystem } from "../bundled/bundled.ts";
import type { RunCli } from "../expanso/cli-control.ts";
import { knowledge } from "../expanso/knowledge.ts";
import { runOwnProgram } from "../expanso/own-program.ts";
import type { Remote, System } from "../system.ts";
import { createCloudVisits } from "./visit.ts";
import { createCloudLineReader, HANDSHAKE, turnedAway } from "./edge-lines.ts";
import { readCloudSettings, type CloudSettings } from "./settings.ts";

/**
 * An orchestrator elsewhere, of which there is an address, a token for edges and a key for the API: only edges run here.
 * @throws UsageError for settings that are missing, or are none.
 */
export function createCloudSystem(at: {
  /** Where `.env` is looked for. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): System {
  const path = join(at.folder, ".env");
  const file = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  return cloudSystem(readCloudSettings({ env: at.env, file, path: file === undefined ? path : ".env" }));
}

export function cloudSystem(settings: CloudSettings, cli: RunCli = cliOf(settings)): System {
  const { endpoint, bootstrapUrl, bootstrapToken, apiKey } = settings;
  const secrets = [bootstrapToken, ...(apiKey === undefined ? [] : [apiKey])];
  const visits = createCloudVisits({ endpoint, cli });
  const { byHand: _notHere, secrets: _theirs, ...known } = knowledge;
  return {
    ...known,
    name: "cloud",
    isSimulated: false,
    capabilities: ANY_CLOUD.capabilities,
    fixes: ["none"],
    images: [edgeImage(settings)],
    machines: ({ edges }) => Array.from({ length: edges }, (_, index) => edge(`edge${index + 1}`, settings)),
    edgeMachine: (name) => edge(name, settings),
    checkJobFile: (file) => bundledSystem.checkJobFile(file),
    connect: visits.connect,
    patterns: known.patterns.map((pattern) => (pattern.name === HANDSHAKE.name ? HANDSHAKE : pattern)),
    createLineReader: createCloudLineReader,
    conceal: (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text),
    // The paths that the seeds tell to look for are in the orchestrator's log.
    sequences: [],
    remote: {
      ...ANY_CLOUD.remote,
      mend: `look at EXPANSO_EDGE_BOOTSTRAP_TOKEN and EXPANSO_EDGE_BOOTSTRAP_URL (${bootstrapUrl}) in .env: docs/cloud.md`,
    },
  };
}

/** What goes for each, whatever its settings: nothing of it can be killed, and nothing of it is the node that it was. */
export const ANY_CLOUD: Pick<System, "capabilities"> & { readonly remote: Remote } = {
  capabilities: new Set(),
  remote: {
    unheard: "the orchestrator's log and its broker's record are elsewhere",
    headline: "ghost-of-old-identity",
    mend: "look at .env: docs/cloud.md",
    refusal: turnedAway,
  },
};

function edgeImage({ edgeImage: name }: CloudSettings): ImageSource {
  return {
    key: "edge",
    tag: "expanso-cloud-edge:debug",
    dockerfile: "docker/cloud-edge.Dockerfile",
    base: { name, variable: "EXPANSO_EDGE_IMAGE" },
    bundles: {},
    files: {},
  };
}

/** As in docker-compose.yml: no disk of its own, so that each new container asks for an identity, and is a new node. */
function edge(name: string, { bootstrapToken, bootstrapUrl }: CloudSettings): MachineSpec {
  return {
    name,
    image: "edge",
    args: [],
    env: { EXPANSO_EDGE_BOOTSTRAP_TOKEN: bootstrapToken, EXPANSO_EDGE_BOOTSTRAP_URL: bootstrapUrl },
  };
}

/** Of this process's own environment: not what somebody has set for another orchestrator. */
const PASSED_ON = ["PATH", "HOME", "NODE_COMPILE_CACHE", "NODE_EXTRA_CA_CERTS"];

/** The CLI in this repository, on this machine. What is secret it is told by its environment. */
function cliOf({ endpoint, apiKey }: CloudSettings): RunCli {
  const env = {
    ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])),
    EXPANSO_CLI_ENDPOINT: endpoint,
    ...(apiKey === undefined ? {} : { EXPANSO_CLI_AUTH_API_KEY: apiKey }),
  };
  return async (words, stdin) => {
    const { code, ...said } = await runOwnProgram("cli", words, stdin, env);
    return { exitCode: code ?? 1, ...said };
  };
}
