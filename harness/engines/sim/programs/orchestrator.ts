import { ORCHESTRATOR_TABLE } from "../../../../controlplane/config/orchestrator-settings.ts";
import { createOrchestrator } from "../../../../controlplane/orchestrator/orchestrator.ts";
import { serveHttp } from "../network/http.ts";
import { connectSimBus } from "../network/nats-client.ts";
import { addressOf, logOf, settle } from "./ports.ts";
import type { Program } from "./program.ts";

/** The orchestrator, as `controlplane/bin/orchestrator.ts` starts it, on simulated ports. */
export const orchestratorProgram: Program = (world) => {
  const settings = settle(world, "expanso-orchestrator", ORCHESTRATOR_TABLE);
  if (settings === undefined) return () => {};
  const log = logOf(world, settings);
  let stop = (): void => world.exit(0);
  const run = async (): Promise<void> => {
    const bus = await connectSimBus(world, { ...addressOf(settings.natsUrl), name: "expanso-orchestrator" });
    bus.onConnection((state) =>
      log.warn(`BUS: ${state === "connected" ? "Reconnected to" : "Lost"} the message broker`),
    );
    const orchestrator = createOrchestrator(
      { bus, clock: world.process.clock, database: world.database(), random: world.chance, log },
      settings,
      settings.recovery,
    );
    orchestrator.start();
    serveHttp(world, settings.apiPort, orchestrator.api);
    log.info("API: Listening", { port: settings.apiPort });
    stop = () => {
      log.info("ORCHESTRATOR: Stopping");
      orchestrator.stop();
      void bus.close();
      world.exit(0);
    };
  };
  void run();
  return () => stop();
};
