import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import type { Link } from "../bus-world.ts";

export interface Proxy extends Link {
  readonly port: number;
  readonly close: () => Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** Stands between one client and the broker, so that the way between them can be cut. */
export async function startProxy(brokerPort: number): Promise<Proxy> {
  const pairs = new Set<Pair>();
  const held: Socket[] = [];
  let isLost = false;
  let arrived: (() => void) | undefined;

  const listening = createServer((client) => {
    if (isLost) {
      held.push(client);
      arrived?.();
    } else join(client);
  });
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");

  return {
    port: (listening.address() as AddressInfo).port,
    cut: () => {
      // Both ends go on writing; what they write waits in the kernel, as on a real way that is cut for a while.
      for (const { client, server } of pairs) {
        client.pause();
        server.pause();
      }
      return Promise.resolve();
    },
    lose: async () => {
      isLost = true;
      const trying = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      breakAll();
      await trying;
    },
    heal: () => {
      isLost = false;
      for (const { client, server } of pairs) {
        client.resume();
        server.resume();
      }
      for (const client of held.splice(0)) join(client);
      return Promise.resolve();
    },
    close: () => {
      listening.close();
      for (const client of held) client.destroy();
      breakAll();
      return Promise.resolve();
    },
  };

  function join(client: Socket): void {
    const server = connect(brokerPort, "127.0.0.1");
    const pair = { client, server };
    pairs.add(pair);
    client.on("data", (data) => server.write(data));
    server.on("data", (data) => client.write(data));
    for (const socket of [client, server]) {
      socket.on("error", () => {});
      socket.on("close", () => breakPair(pair));
    }
  }

  function breakPair(pair: Pair): void {
    pairs.delete(pair);
    pair.client.destroy();
    pair.server.destroy();
  }

  function breakAll(): void {
    for (const pair of pairs) breakPair(pair);
  }
}
