import { EDGE_TABLE } from "../../../../controlplane/config/edge-settings.ts";
import { createEdge, type EdgePorts } from "../../../../controlplane/edge/edge.ts";
import { listExecutions } from "../../../../controlplane/edge/list-executions.ts";
import { BrokerRefusedError, type Bus } from "../../../../controlplane/ports/bus.ts";
import { createSimHttpClient, serveHttp } from "../network/http.ts";
import { connectSimBus } from "../network/nats-client.ts";
import { createSimCredentials } from "./credentials.ts";
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
  const edge = createEdge(
    {
      connect,
      disk: world.disk,
      http: createSimHttpClient(world),
      clock: world.process.clock,
      random: world.chance,
      credentials: createSimCredentials(world.chance),
      host: hostOf(world),
      log,
    },
    settings,
  );
  void run();
  return () => {
    log.info("EDGE: Stopping");
    void edge.stop();
    world.exit(0);
  };

  async function run(): Promise<void> {
    try {
      await edge.start();
    } catch (error) {
      end(error instanceof Error ? error.message : String(error));
      return;
    }
    serveHttp(world, LOCAL_API_PORT, edge.api);
  }

  async function connect({ url, ...shown }: Parameters<EdgePorts["connect"]>[0]): Promise<Bus> {
    const name = `expanso-edge ${settings.name}`;
    const bus = await connectSimBus(world, { ...addressOf(url), name, ...shown });
    bus.onConnection((state) => {
      if (state === "refused") end(new BrokerRefusedError(url).message);
      else log.warn(`BUS: ${state === "connected" ? "Reconnected to" : "Lost"} the message broker`);
    });
    return bus;
  }

  function end(message: string): void {
    world.print("stderr", `expanso-edge: ${message}`);
    world.exit(64);
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
