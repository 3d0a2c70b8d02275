import { hostname } from "node:os";
import { Command } from "commander";
import { createNodeHttpClient } from "../adapters/node-http-client.ts";
import { serveNodeHttp } from "../adapters/node-http-server.ts";
import { openFileDisk } from "../adapters/file-disk.ts";
import { connectNatsBus } from "../adapters/nats-bus.ts";
import { processHost } from "../adapters/process-host.ts";
import { createSystemClock } from "../adapters/system-clock.ts";
import { systemRandom } from "../adapters/system-random.ts";
import { EDGE_TABLE } from "../config/edge-settings.ts";
import { createEdge } from "../edge/edge.ts";
import { listExecutions } from "../edge/list-executions.ts";
import { IdentityError, loadIdentity } from "../edge/identity.ts";
import { VERSION } from "../model/version.ts";
import { EXIT_USAGE, onTermination, processLog, settleOrExit } from "./process.ts";

/** Only for `expanso-edge executions` on the same machine. */
const LOCAL_API = { hostname: "127.0.0.1", port: 9011 } as const;

interface Flags {
  readonly logLevel?: string;
  readonly logFormat?: string;
  readonly natsUrl?: string;
  readonly orchestrators?: string;
  readonly dataDir?: string;
  readonly config?: string;
  readonly name?: string;
  readonly labels?: string;
  readonly url?: string;
  readonly token?: string;
}

const program = new Command("expanso-edge")
  .description("Runs pipelines on one machine.")
  .version(VERSION, "--version");
withFlags(program.command("run", { isDefault: true }).description("run the agent")).action(run);
withFlags(
  program
    .command("serve")
    .description("older spelling of `run`")
    .option("--compute")
    .option("--orchestrators <url>", "the message broker"),
).action(run);
withFlags(program.command("bootstrap").description("ask for an identity and keep it in the data directory"))
  .option("--token <token>", "as given out by the orchestrator (EXPANSO_EDGE_BOOTSTRAP_TOKEN)")
  .option("--url <url>", "the orchestrator's API (EXPANSO_EDGE_BOOTSTRAP_URL)")
  .action(bootstrap);
program
  .command("executions")
  .description("what really runs on this machine now")
  .option("--format <format>", "json or table", "table")
  .addHelpText("after", "\nExample:\n  expanso-edge executions --format json")
  .action(executions);
program.configureOutput({ outputError: (text, write) => write(`expanso-edge: ${text}`) });
program.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE));
// Not awaited here: as one file for Linux (scripts/package-binaries.ts) it is CommonJS, which cannot.
void program.parseAsync();

function withFlags(command: Command): Command {
  return command
    .option("--log-level <level>", "debug, info, warn or error (EXPANSO_LOG_LEVEL)")
    .option("--log-format <format>", "text or json (EXPANSO_LOG_FORMAT)")
    .option("--nats-url <url>", "the message broker (EXPANSO_EDGE_NATS_URL)")
    .option("--data-dir <folder>", "where identity and executions are kept (EXPANSO_EDGE_DATA_DIR)")
    .option("--name <name>", "what people call this node (EXPANSO_EDGE_NAME; default: the host name)")
    .option("--labels <labels>", "k=v,k2=v2 (EXPANSO_EDGE_LABELS)")
    .option("--config <file>", "settings (default: /etc/expanso/edge/config.yaml)");
}

function settle(flags: Flags) {
  const { values, warnings } = settleOrExit(EDGE_TABLE, {
    program: "expanso-edge",
    defaultFile: "/etc/expanso/edge/config.yaml",
    flags: {
      "--log-level": flags.logLevel,
      "--log-format": flags.logFormat,
      "--nats-url": flags.natsUrl ?? flags.orchestrators,
      "--data-dir": flags.dataDir,
      "--config": flags.config,
      "--name": flags.name,
      "--labels": flags.labels,
      "--url": flags.url,
      "--token": flags.token,
    },
  });
  const log = processLog(values);
  for (const warning of warnings) log.warn(`CONFIG: ${warning}`);
  const settings = { ...values, name: values.name ?? hostname() };
  const ports = {
    disk: openFileDisk(values.dataDir),
    http: createNodeHttpClient(),
    clock: createSystemClock(),
    random: systemRandom,
    host: processHost,
    log,
  };
  return { settings, ports, log };
}

async function run(flags: Flags): Promise<void> {
  const { settings, ports, log } = settle(flags);
  const bus = await connectNatsBus({ url: settings.natsUrl, name: `expanso-edge ${settings.name}` });
  bus.onConnection((state) =>
    log.warn(`BUS: ${state === "connected" ? "Reconnected to" : "Lost"} the message broker`),
  );
  const edge = createEdge({ ...ports, bus }, settings);
  await edge.start().catch(refused);
  const server = serveNodeHttp(edge.api, LOCAL_API);
  onTermination(async () => {
    log.info("EDGE: Stopping");
    server.close();
    edge.stop();
    await bus.close();
  });
}

async function bootstrap(flags: Flags): Promise<void> {
  const { settings, ports } = settle(flags);
  if (settings.bootstrapUrl === undefined) {
    process.stderr.write("expanso-edge: bootstrap needs --url or EXPANSO_EDGE_BOOTSTRAP_URL\n");
    process.exit(EXIT_USAGE);
  }
  const nodeId = await loadIdentity(ports, settings).catch(refused);
  process.stdout.write(`${nodeId}\n`);
}

async function executions(flags: { readonly format: string }): Promise<void> {
  const code = await listExecutions(
    {
      http: createNodeHttpClient(),
      out: (text) => process.stdout.write(text),
      err: (text) => process.stderr.write(text),
    },
    { url: `http://${LOCAL_API.hostname}:${LOCAL_API.port}`, format: flags.format },
  );
  process.exit(code);
}

function refused(error: unknown): never {
  if (!(error instanceof IdentityError)) throw error;
  process.stderr.write(`expanso-edge: ${error.message}\n`);
  process.exit(1);
}
