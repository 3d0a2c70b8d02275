import { ORCHESTRATOR_TABLE } from "../../../../controlplane/config/orchestrator-settings.ts";
import { createOrchestrator } from "../../../../controlplane/orchestrator/orchestrator.ts";
import { openClusterKey } from "../../../../controlplane/orchestrator/cluster-secret.ts";
import { grantLocalAccess, ownCredentials } from "../../../../controlplane/orchestrator/local-access.ts";
import { BrokerRefusedError } from "../../../../controlplane/ports/bus.ts";
import type { Disk } from "../../../../controlplane/ports/disk.ts";
import { serveHttp } from "../network/http.ts";
import { connectSimBus } from "../network/nats-client.ts";
import { createSimCredentials } from "./credentials.ts";
import { addressOf, logOf, settle } from "./ports.ts";
import type { Program } from "./program.ts";

/** The orchestrator, as `controlplane/bin/orchestrator.ts` starts it, on simulated ports. */
export const orchestratorProgram: Program = (world) => {
  const settings = settle(world, "expanso-orchestrator", ORCHESTRATOR_TABLE);
  if (settings === undefined) return () => {};
  const log = logOf(world, settings);
  const credentials = createSimCredentials(world.chance);
  const cluster = openClusterKey({ disk: world.disk, credentials });
  const apiKey = settings.apiKey ?? cluster.apiKey;
  const own = ownCredentials(credentials, cluster);
  grantLocalAccess(below(world.disk, RUN_DIR), { apiKey, credentials: own });
  let stop = (): void => world.exit(0);
  const run = async (): Promise<void> => {
    const bus = await connectSimBus(world, {
      ...addressOf(settings.natsUrl),
      name: "expanso-orchestrator",
      credentials: own,
    });
    log.info("BUS: Connected", { url: settings.natsUrl, authenticated: true, cluster: cluster.clusterId });
    bus.onConnection((state) => {
      if (state === "refused") refused(new BrokerRefusedError(settings.natsUrl));
      else log.warn(`BUS: ${state === "connected" ? "Reconnected to" : "Lost"} the message broker`);
    });
    const orchestrator = createOrchestrator(
      { bus, clock: world.process.clock, cluster, database: world.database(), random: world.chance, log },
      { ...settings, apiKey, brokerUrl: settings.natsAdvertisedUrl ?? settings.natsUrl },
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
  run().catch(refused);
  return () => stop();

  function refused(error: unknown): void {
    world.print("stderr", `expanso-orchestrator: ${error instanceof Error ? error.message : String(error)}`);
    world.exit(64);
  }
};

/** As the image of the orchestrator has it set. */
export const RUN_DIR = "/run/expanso";

function below(disk: Disk, folder: string): Disk {
  return { ...disk, write: (path, text) => disk.write(`${folder}/${path}`, text) };
}
