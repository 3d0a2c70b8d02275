import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import { createServer, type AddressInfo, type Server } from "node:net";
import { createNodeHttpClient } from "../../../controlplane/adapters/node-http-client.ts";
import { serveNodeHttp } from "../../../controlplane/adapters/node-http-server.ts";
import { createSimHttpClient, serveHttp } from "../../../harness/engines/sim/network/http.ts";
import { createNetwork } from "../../../harness/engines/sim/network/network.ts";
import { createSimProcess } from "../../../harness/engines/sim/process/process.ts";
import { createRandomStreams } from "../../../harness/engines/sim/time/random-streams.ts";
import { createVirtualTime } from "../../../harness/engines/sim/time/virtual-time.ts";
import { NEVER, WaitedInVainError } from "../contract.ts";
import type { HttpWorld } from "./http-client.contract.ts";

/** The client by socket, and the server that the orchestrator uses. */
export async function openNodeHttpWorld(): Promise<HttpWorld> {
  const servers: HttpServer[] = [];
  const killServers = async (): Promise<void> => {
    for (const server of servers.splice(0)) {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    }
  };
  return {
    failed: NEVER,
    client: createNodeHttpClient(),
    serve: async (handle) => {
      const server = serveNodeHttp(handle, { hostname: "127.0.0.1", port: 0 });
      servers.push(server);
      await once(server, "listening");
      return `http://127.0.0.1:${portOf(server)}`;
    },
    deafUrl: `http://127.0.0.1:${await portWithoutListener()}`,
    // Too long for a host's name: refused before anybody is asked, so that no test waits for a name server.
    nowhereUrl: `http://${"no".repeat(40)}.invalid:9010`,
    killServers,
    cutServers: () => {
      throw new Error("a test cannot cut the loopback network");
    },
    [Symbol.asyncDispose]: killServers,
  };
}

/** The simulated client and server on two simulated machines. */
export function openSimHttpWorld(): HttpWorld {
  const streamOf = createRandomStreams(1);
  const time = createVirtualTime(streamOf("ties"));
  const network = createNetwork(time, streamOf);
  const failed = new Promise<never>((_, reject) => {
    time.onFailure(reject);
    time.after(600_000, () => reject(new WaitedInVainError("still waiting after ten virtual minutes")));
  });
  failed.catch(() => {});
  const here = { machine: "here", process: createSimProcess(time), network: network.join("here") };
  const there = { process: createSimProcess(time), network: network.join("there") };
  there.process.onKill(() => there.network.close());
  time.start();
  return {
    failed,
    client: createSimHttpClient(here),
    serve: (handle) => {
      serveHttp(there, 9010, handle);
      return Promise.resolve("http://there:9010");
    },
    deafUrl: "http://there:9999",
    nowhereUrl: "http://nowhere:9010",
    killServers: () => Promise.resolve(there.process.kill()),
    cutServers: () => there.network.cut("both"),
    [Symbol.asyncDispose]: () => Promise.resolve(time.stop()),
  };
}

function portOf(server: Pick<Server, "address">): number {
  return (server.address() as AddressInfo).port;
}

async function portWithoutListener(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  server.close();
  await once(server, "close");
  return port;
}
