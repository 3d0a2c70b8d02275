import type { Server } from "node:http";
import { join } from "node:path";
import { Command } from "commander";
import { openFileDisk } from "../adapters/file-disk.ts";
import { serveNodeHttp } from "../adapters/node-http-server.ts";
import { connectNatsBus } from "../adapters/nats-bus.ts";
import { openSqliteDatabase } from "../adapters/sqlite-database.ts";
import { createSystemClock } from "../adapters/system-clock.ts";
import { systemCredentials } from "../adapters/system-credentials.ts";
import { systemRandom } from "../adapters/system-random.ts";
import { ORCHESTRATOR_TABLE } from "../config/orchestrator-settings.ts";
import { VERSION } from "../model/version.ts";
import { grantLocalAccess, ownCredentials } from "../orchestrator/local-access.ts";
import { createOrchestrator } from "../orchestrator/orchestrator.ts";
import { BrokerRefusedError, type Bus } from "../ports/bus.ts";
import { addClusterCommands } from "./cluster-commands.ts";
import { openCluster } from "./cluster-files.ts";
import { EXIT_USAGE, onTermination, processLog, settleOrExit } from "./process.ts";

interface RunFlags {
  readonly logLevel?: string;
  readonly logFormat?: string;
  readonly natsUrl?: string;
  readonly dataDir?: string;
  readonly config?: string;
}

const program = new Command("expanso-orchestrator")
  .description("Places pipeline jobs on edge nodes.")
  .version(VERSION, "--version");
withRunFlags(program.command("run", { isDefault: true }).description("run the orchestrator")).action(run);
withRunFlags(program.command("serve").description("older spelling of `run`").option("--orchestrator")).action(
  run,
);
addClusterCommands(program, (flags) => settle(flags).values);
program.configureOutput({ outputError: (text, write) => write(`expanso-orchestrator: ${text}`) });
program.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE));
// Not awaited here: as one file for Linux (scripts/package-binaries.ts) it is CommonJS, which cannot.
void program.parseAsync();

function withRunFlags(command: Command): Command {
  return command
    .option("--log-level <level>", "debug, info, warn or error (EXPANSO_LOG_LEVEL)")
    .option("--log-format <format>", "text or json (EXPANSO_LOG_FORMAT)")
    .option("--nats-url <url>", "the message broker (EXPANSO_ORCHESTRATOR_NATS_URL)")
    .option("--data-dir <folder>", "where the state is kept (EXPANSO_ORCHESTRATOR_DATA_DIR)")
    .option("--config <file>", "settings (default: /etc/expanso/orchestrator/config.yaml)");
}

function settle(flags: RunFlags) {
  return settleOrExit(ORCHESTRATOR_TABLE, {
    program: "expanso-orchestrator",
    defaultFile: "/etc/expanso/orchestrator/config.yaml",
    flags: {
      "--log-level": flags.logLevel,
      "--log-format": flags.logFormat,
      "--nats-url": flags.natsUrl,
      "--data-dir": flags.dataDir,
      "--config": flags.config,
    },
  });
}

async function run(flags: RunFlags): Promise<void> {
  const { values: settings, warnings } = settle(flags);
  const log = processLog(settings);
  for (const warning of warnings) log.warn(`CONFIG: ${warning}`);

  const cluster = openCluster(settings.dataDir);
  if (cluster.isNew) log.info("CLUSTER: New key", { cluster: cluster.clusterId });
  const apiKey = settings.apiKey ?? cluster.apiKey;
  const own = ownCredentials(systemCredentials, cluster);
  if (settings.runDir !== undefined) {
    grantLocalAccess(openFileDisk(settings.runDir), { apiKey, credentials: own });
  }
  const database = openSqliteDatabase(join(settings.dataDir, "state.db"));
  let bus: Bus | undefined;
  let orchestrator: ReturnType<typeof createOrchestrator> | undefined;
  let server: Server | undefined;
  // Before its broker is waited for, which may be without end.
  onTermination(async () => {
    log.info("ORCHESTRATOR: Stopping");
    server?.close();
    orchestrator?.stop();
    await bus?.close();
    database.close();
  });
  bus = await connectNatsBus({
    url: settings.natsUrl,
    name: "expanso-orchestrator",
    credentials: own,
  }).catch(refused);
  log.info("BUS: Connected", { url: settings.natsUrl, authenticated: true, cluster: cluster.clusterId });
  bus.onConnection((state) => {
    if (state === "refused") refused(new BrokerRefusedError(settings.natsUrl));
    log.warn(`BUS: ${state === "connected" ? "Reconnected to" : "Lost"} the message broker`);
  });
  orchestrator = createOrchestrator(
    { bus, clock: createSystemClock(), cluster, database, random: systemRandom, log },
    { ...settings, apiKey, brokerUrl: settings.natsAdvertisedUrl ?? settings.natsUrl },
    settings.recovery,
  );
  orchestrator.start();
  server = serveNodeHttp(orchestrator.api, { hostname: settings.apiHost, port: settings.apiPort }, (port) =>
    log.info("API: Listening", { port }),
  );
}

function refused(error: unknown): never {
  if (!(error instanceof BrokerRefusedError)) throw error;
  process.stderr.write(
    `expanso-orchestrator: ${error.message}; its configuration is made by: expanso-orchestrator init --nats-conf FILE\n`,
  );
  process.exit(EXIT_USAGE);
}
