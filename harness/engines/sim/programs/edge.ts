import { EDGE_TABLE } from "../../../../controlplane/config/edge-settings.ts";
import { createEdge } from "../../../../controlplane/edge/edge.ts";
import { listExecutions } from "../../../../controlplane/edge/list-executions.ts";
import { createSimHttpClient, serveHttp } from "../network/http.ts";
import { connectSimBus } from "../network/nats-client.ts";
import { addressOf, hostOf, logOf, settle } from "./ports.ts";
import type { Command, Program } from "./program.ts";

/** As in `controlplane/bin/edge.ts`. */
const LOCAL_API_PORT = 9011;

/** An edge, as `controlplane/bin/edge.ts` starts it, on simulated ports. */
export const edgeProgram: Program = (world) => {
  const values = settle(world, "expanso-edge", EDGE_TABLE);
  if (values === undefined) return () => {};
  const settings = { ...values, name: values.name ?? world.machine };
  const log = logOf(world, settings);
  let stop = (): void => world.exit(0);
  void run();
  return () => stop();

  async function run(): Promise<void> {
    const bus = await connectSimBus(world, {
      ...addressOf(settings.natsUrl),
      name: `expanso-edge ${settings.name}`,
    });
    bus.onConnection((state) =>
      log.warn(`BUS: ${state === "connected" ? "Reconnected to" : "Lost"} the message broker`),
    );
    const edge = createEdge(
      {
        bus,
        disk: world.disk,
        http: createSimHttpClient(world),
        clock: world.process.clock,
        random: world.chance,
        host: hostOf(world),
        log,
      },
      settings,
    );
    stop = () => {
      log.info("EDGE: Stopping");
      edge.stop();
      void bus.close();
      world.exit(0);
    };
    try {
      await edge.start();
    } catch (error) {
      world.print("stderr", `expanso-edge: ${error instanceof Error ? error.message : String(error)}`);
      world.exit(1);
      return;
    }
    serveHttp(world, LOCAL_API_PORT, edge.api);
  }
};

/** `expanso-edge executions`, the only command of the edge that is run by `exec`. */
export const edgeCommand: Command = async (world, argv) => {
  const said = { stdout: "", stderr: "" };
  if (argv[1] !== "executions") {
    return { exitCode: 64, stdout: "", stderr: `expanso-edge: unknown command ${argv[1] ?? ""}\n` };
  }
  const format = argv.includes("--format") ? (argv[argv.indexOf("--format") + 1] ?? "") : "table";
  const exitCode = await listExecutions(
    {
      http: createSimHttpClient(world),
      out: (text) => {
        said.stdout += text;
      },
      err: (text) => {
        said.stderr += text;
      },
    },
    { url: `http://127.0.0.1:${LOCAL_API_PORT}`, format },
  );
  return { exitCode, ...said };
};
