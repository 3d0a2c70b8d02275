import type { VirtualTime } from "../time/virtual-time.ts";
import type { RandomStream } from "../time/random-streams.ts";
import { createPipe, type Pipe } from "./pipe.ts";
import { CLIENT_GIVES_UP_MS, SERVER_GIVES_UP_MS } from "./stale.ts";

/** The other end has left, or nothing was heard of it for so long that this end gave it up. */
export type CloseReason = "left" | "silent";

/** Which way nothing gets through, as seen from the machine that is cut off. */
export type CutDirection = "both" | "in" | "out";

/** One end of a connection between two machines, with the behaviour of TCP. */
export interface Socket {
  readonly peer: string;
  /** Messages are values that nobody changes afterwards. */
  send(message: unknown): void;
  /** The other end, or the network, is gone. Called once, and never after `destroy`. */
  onClose(listener: (why: CloseReason) => void): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Closes it; the other end learns of it as soon as the network lets it. */
  destroy(): void;
}

export interface Network {
  /** @throws if the name is taken. */
  join(name: string): Attachment;
}

/** A machine's place on the network. */
export interface Attachment {
  /** Takes connections on a port until `close`. */
  listen(port: number, onConnection: (socket: Socket) => void): void;
  /** Resolves when connected; rejects with ConnectError when nobody listens there, or nothing gets through. */
  connect(to: string, port: number): Promise<Socket>;
  cut(direction: CutDirection): void;
  heal(): void;
  /** The machine is frozen: connections stay, but whoever waits for its answers gives up in time. */
  freeze(): void;
  thaw(): void;
  /** Every connection breaks at once, as when the process is killed; listening ends. */
  close(): void;
  /** Off the network for good. */
  leave(): void;
}

export class ConnectError extends Error {
  override readonly name = "ConnectError";
  readonly code: "ECONNREFUSED" | "ENOTFOUND" | "ETIMEDOUT";
  constructor(code: ConnectError["code"], to: string) {
    super(`${code} ${to}`);
    this.code = code;
  }
}

/** A connection attempt into a cut gives up after this long. */
const CONNECT_TIMEOUT_MS = 5_000;

interface Host {
  readonly name: string;
  readonly ports: Map<number, (socket: Socket) => void>;
  readonly connections: Set<Connection>;
  cutOut: boolean;
  cutIn: boolean;
  isFrozen: boolean;
  /** How often it has been heard again after a silence. */
  returns: number;
  /** How often its process has ended. */
  ends: number;
}

/** The machine that asked for a connection, and the one that took it: possibly the same. */
type End = "client" | "server";

interface Connection {
  readonly client: Host;
  readonly server: Host;
  readonly pipes: readonly Pipe[];
  /** One end leaves, or gives the other up: that it knows at once, the other as soon as the network lets it. */
  readonly breakFrom: (end: End, why?: CloseReason) => void;
}

export function createNetwork(time: VirtualTime, streamOf: (name: string) => RandomStream): Network {
  const hosts = new Map<string, Host>();
  return {
    join: (name) => {
      if (hosts.has(name)) throw new Error(`the network has a ${name} already`);
      const host: Host = {
        name,
        ports: new Map(),
        connections: new Set(),
        cutIn: false,
        cutOut: false,
        isFrozen: false,
        returns: 0,
        ends: 0,
      };
      hosts.set(name, host);
      return {
        listen: (port, onConnection) => host.ports.set(port, onConnection),
        connect: (to, port) => connect(host, to, port),
        cut: (direction) =>
          change(host, () => {
            host.cutIn = direction !== "out";
            host.cutOut = direction !== "in";
          }),
        freeze: () =>
          change(host, () => {
            host.isFrozen = true;
          }),
        thaw: () =>
          change(host, () => {
            host.isFrozen = false;
          }),
        heal: () =>
          change(host, () => {
            host.cutIn = false;
            host.cutOut = false;
          }),
        close: () => close(host),
        leave: () => {
          close(host);
          hosts.delete(name);
        },
      };
    },
  };

  function close(host: Host): void {
    host.ends += 1;
    host.ports.clear();
    for (const connection of host.connections) {
      if (connection.client === host) connection.breakFrom("client");
      if (connection.server === host) connection.breakFrom("server");
    }
  }

  function change(host: Host, work: () => void): void {
    const wasSilent = isSilent(host);
    work();
    if (isSilent(host) && !wasSilent) giveUpInTime(host);
    if (!isSilent(host) && wasSilent) host.returns += 1;
    for (const { pipes } of host.connections) for (const pipe of pipes) pipe.release();
  }

  /** Each end of a silent connection pings, and gives it up in its own time (see `stale.ts`). */
  function giveUpInTime(silent: Host): void {
    const chance = streamOf(`stale ${silent.name}`);
    const { returns } = silent;
    for (const connection of silent.connections) {
      // What stays within the machine never falls silent.
      if (connection.client === connection.server) continue;
      const giveUp = (end: End, { from, to }: { readonly from: number; readonly to: number }): void => {
        time.after(chance.between(from, to), () => {
          // Another silence, later, counts from its own beginning.
          const isStillSilent = isSilent(silent) && silent.returns === returns;
          // The frozen one cannot give up: it does not know that time has passed.
          if (isStillSilent && !connection[end].isFrozen) connection.breakFrom(end, "silent");
        });
      };
      giveUp("client", CLIENT_GIVES_UP_MS);
      giveUp("server", SERVER_GIVES_UP_MS);
    }
  }

  function connect(client: Host, to: string, port: number): Promise<Socket> {
    const latency = latencyOf(client.name, to);
    const { ends } = client;
    return new Promise((resolve, reject) => {
      const attempt = (givenUpAtMs: number): void => {
        // The process that asked is gone, and its attempt with it: there is nobody to tell.
        if (client.ends !== ends) return;
        const server = hosts.get(to);
        // A connection takes an answer as well.
        if (server !== undefined && !(gets(client, server) && gets(server, client))) {
          const retryMs = Math.min(time.nowMs() + 1_000, givenUpAtMs);
          if (retryMs <= time.nowMs()) reject(new ConnectError("ETIMEDOUT", `${to}:${port}`));
          else time.after(retryMs - time.nowMs(), () => attempt(givenUpAtMs));
          return;
        }
        const accept = server?.ports.get(port);
        if (server === undefined) reject(new ConnectError("ENOTFOUND", to));
        else if (accept === undefined) reject(new ConnectError("ECONNREFUSED", `${to}:${port}`));
        else {
          const [ours, theirs] = createConnection(client, server);
          accept(theirs);
          resolve(ours);
        }
      };
      time.after(2 * latency(), () => attempt(time.nowMs() + CONNECT_TIMEOUT_MS));
    });
  }

  function createConnection(client: Host, server: Host): readonly [Socket, Socket] {
    // Listed until both ends know: the news of an end may have to wait for the network to heal.
    const gone = new Set<End>();
    const leave = (end: End): void => {
      gone.add(end);
      if (gone.size < 2) return;
      client.connections.delete(connection);
      server.connections.delete(connection);
    };
    const there = pipe(client, server, "server");
    const back = pipe(server, client, "client");
    const connection: Connection = {
      client,
      server,
      pipes: [there, back],
      breakFrom: (end, why = "left") => {
        if (gone.has(end)) return;
        // What is on its way to the one that left is lost; what it had sent still arrives, then the news.
        const [inbound, outbound] = end === "client" ? [back, there] : [there, back];
        if (why === "silent") inbound.giveUp();
        else inbound.drop();
        outbound.end();
        leave(end);
      },
    };
    client.connections.add(connection);
    server.connections.add(connection);
    return [
      socket(server.name, there, back, () => connection.breakFrom("client")),
      socket(client.name, back, there, () => connection.breakFrom("server")),
    ];

    function pipe(from: Host, to: Host, receiver: End): Pipe {
      const latency = latencyOf(from.name, to.name);
      return createPipe(time, latency, { isFree: () => gets(from, to), onEnded: () => leave(receiver) });
    }
  }

  function latencyOf(from: string, to: string): () => number {
    const stream = streamOf(`latency ${from} → ${to}`);
    // Within one machine a message takes a few microseconds, between containers some tenths of a millisecond.
    return from === to ? () => stream.between(0.02, 0.06) : () => stream.between(0.15, 0.6);
  }
}

function isSilent(host: Host): boolean {
  return host.cutIn || host.cutOut || host.isFrozen;
}

/** Whether anything sent by one machine reaches the other now. */
function gets(from: Host, to: Host): boolean {
  return from === to || (!from.cutOut && !to.cutIn);
}

function socket(peer: string, outbound: Pipe, inbound: Pipe, destroy: () => void): Socket {
  return {
    peer,
    send: outbound.send,
    onMessage: inbound.onMessage,
    onClose: inbound.onEnd,
    destroy,
  };
}
