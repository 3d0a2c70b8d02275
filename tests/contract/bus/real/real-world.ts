import { connectNatsBus } from "../../../../controlplane/adapters/nats-bus.ts";
import type { Bus } from "../../../../controlplane/ports/bus.ts";
import { NEVER } from "../../contract.ts";
import { closingOf, createBrokerLines, type BrokerLines } from "../broker-lines.ts";
import type { BusWorld } from "../bus-world.ts";
import { startNatsServer } from "./nats-server.ts";
import { startProxy } from "./proxy.ts";
import { spawnListener } from "./spawn-listener.ts";

/** The adapter that runs in containers, against a real nats-server; `config` is a file of settings for it. */
export async function openRealBusWorld(
  config?: string,
): Promise<BusWorld & { readonly record: BrokerLines; readonly url: string }> {
  const record = createBrokerLines();
  let server = await startNatsServer(record, { config });
  const { port } = server;
  const url = `nats://127.0.0.1:${port}`;
  const undo: (() => Promise<void>)[] = [];

  const connect = async (name: string, at = url): Promise<Bus> => {
    const bus = await connectNatsBus({ url: at, name });
    undo.push(() => bus.close());
    return bus;
  };
  return {
    failed: NEVER,
    record,
    url,
    broker: {
      kill: () => server.kill(),
      start: async () => {
        server = await startNatsServer(record, { port, config });
      },
      pause: () => server.pause(),
      resume: () => Promise.resolve(server.resume()),
      dropped: async (client) => {
        await record.until(closingOf(client));
      },
    },
    connect: (name) => connect(name),
    connectByLink: async (name) => {
      const proxy = await startProxy(port);
      undo.push(proxy.close);
      return { bus: await connect(name, `nats://127.0.0.1:${proxy.port}`), link: proxy };
    },
    spawn: async (name, subject) => {
      const listener = await spawnListener({ url, record }, name, subject);
      undo.push(() => listener.end());
      return listener;
    },
    [Symbol.asyncDispose]: async () => {
      // A client leaves politely: it waits until the broker, if there is one, has taken in its last words.
      server.resume();
      await Promise.all(undo.map((end) => end()));
      await server.kill();
    },
  };
}
