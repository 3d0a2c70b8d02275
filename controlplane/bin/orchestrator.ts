import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { serveNodeHttp } from "../adapters/node-http-server.ts";
import { connectNatsBus } from "../adapters/nats-bus.ts";
import { openSqliteDatabase } from "../adapters/sqlite-database.ts";
import { createSystemClock } from "../adapters/system-clock.ts";
import { systemRandom } from "../adapters/system-random.ts";
import { ORCHESTRATOR_TABLE } from "../config/orchestrator-settings.ts";
import { VERSION } from "../model/version.ts";
import { createOrchestrator } from "../orchestrator/orchestrator.ts";
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

async function run(flags: RunFlags): Promise<void> {
  const { values: settings, warnings } = settleOrExit(ORCHESTRATOR_TABLE, {
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
  const log = processLog(settings);
  for (const warning of warnings) log.warn(`CONFIG: ${warning}`);

  mkdirSync(settings.dataDir, { recursive: true });
  const database = openSqliteDatabase(join(settings.dataDir, "state.db"));
  const bus = await connectNatsBus({ url: settings.natsUrl, name: "expanso-orchestrator" });
  bus.onConnection((state) =>
    log.warn(`BUS: ${state === "connected" ? "Reconnected to" : "Lost"} the message broker`),
  );
  const orchestrator = createOrchestrator(
    { bus, clock: createSystemClock(), database, random: systemRandom, log },
    settings,
    settings.recovery,
  );
  orchestrator.start();
  const server = serveNodeHttp(
    orchestrator.api,
    { hostname: settings.apiHost, port: settings.apiPort },
    (port) => log.info("API: Listening", { port }),
  );
  onTermination(async () => {
    log.info("ORCHESTRATOR: Stopping");
    server.close();
    orchestrator.stop();
    await bus.close();
    database.close();
  });
}
