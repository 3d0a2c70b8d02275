import type { ClientMessage, ServerMessage } from "../network/nats-protocol.ts";
import type { CloseReason, Socket } from "../network/network.ts";
import { createSubscriptions } from "../network/subscriptions.ts";

export const NATS_PORT = 4222;

/** Internal clients of a real server take the first ids. */
const FIRST_CID = 4;

export interface NatsServer {
  accept(socket: Socket): void;
}

interface Subscription {
  readonly client: Client;
  readonly sid: number;
  readonly subject: string;
  readonly queue: string | undefined;
}

interface Client {
  readonly socket: Socket;
  readonly subscriptions: Map<number, Subscription>;
  /** How the record calls its connection: `edge1:30005 - cid:5`. */
  readonly at: string;
  /** The same, and once it has introduced itself its name. */
  who: string;
}

/**
 * A NATS server as far as core messages go: at most once, nothing kept for absent subscribers, requests that
 * nobody serves fail at once. Prints the record that a real one prints with `-DV`, line for line, since the
 * harness reads that record as a witness.
 */
export function createNatsServer(ports: {
  /** The time as nats-server prints it. */
  readonly printTime: () => string;
  readonly print: (line: string) => void;
}): NatsServer {
  const { print, printTime } = ports;
  const subscriptions = createSubscriptions<Subscription>();
  let nextCid = FIRST_CID;

  return {
    accept: (socket) => {
      const at = `${socket.peer}:${30_000 + nextCid} - cid:${nextCid}`;
      const client: Client = { socket, subscriptions: new Map(), at, who: nameOf(at, "") };
      nextCid += 1;
      line("DBG", `${at} - Client connection created`);
      socket.onMessage((message) => handle(client, message as ClientMessage));
      socket.onClose((why) => {
        for (const subscription of client.subscriptions.values()) {
          subscriptions.remove(subscription.subject, subscription);
        }
        line("DBG", `${client.who} - Client connection closed: ${CLOSED[why]}`);
      });
    },
  };

  function handle(client: Client, message: ClientMessage): void {
    switch (message.op) {
      case "connect":
        client.who = nameOf(client.at, message.name);
        line(
          "TRC",
          `${client.at} - <<- [CONNECT {"no_responders":true,"protocol":1,"name":"${message.name}","lang":"nats.js","version":"${VERSION}","headers":true}]`,
        );
        return;
      case "sub": {
        const subscription = { client, sid: message.sid, subject: message.subject, queue: message.queue };
        client.subscriptions.set(message.sid, subscription);
        subscriptions.add(message.subject, subscription);
        line("TRC", `${client.who} - <<- [SUB ${message.subject} ${message.sid}]`);
        return;
      }
      case "unsub": {
        const subscription = client.subscriptions.get(message.sid);
        if (subscription === undefined) return;
        client.subscriptions.delete(message.sid);
        subscriptions.remove(subscription.subject, subscription);
        line("TRC", `${client.who} - <<- [UNSUB ${message.sid}]`);
        return;
      }
      case "ping":
        send(client, { op: "pong" });
        return;
      case "pub":
        return publish(client, message);
    }
  }

  function publish(client: Client, message: Extract<ClientMessage, { op: "pub" }>): void {
    const { subject, reply, payload } = message;
    const withReply = reply === undefined ? "" : ` ${reply}`;
    const size = Buffer.byteLength(payload);
    line("TRC", `${client.who} - <<- [PUB ${subject}${withReply} ${size}]`);
    line("TRC", `${client.who} - <<- MSG_PAYLOAD: [${JSON.stringify(payload)}]`);
    const receivers = oneOfEachQueue(subscriptions.matching(subject));
    for (const { client: to, sid } of receivers) {
      line("TRC", `${to.who} - ->> [MSG ${subject} ${sid}${withReply} ${size}]`);
      send(to, { op: "msg", sid, subject, reply, payload });
    }
    if (receivers.length > 0 || reply === undefined) return;
    for (const { client: to, sid } of subscriptions.matching(reply)) {
      send(to, { op: "no-responders", sid, subject: reply });
    }
  }

  function line(level: "DBG" | "TRC", text: string): void {
    print(`[1] ${printTime()} [${level}] ${text}`);
  }
}

const VERSION = "3.4.0";

const CLOSED: Readonly<Record<CloseReason, string>> = { left: "Client Closed", silent: "Stale Connection" };

function send(client: Client, message: ServerMessage): void {
  client.socket.send(message);
}

function nameOf(at: string, name: string): string {
  return `${at} - "v${VERSION}:nats.js:${name}"`;
}

/** Plain subscribers all get it; of each queue group the one that has waited longest would, here the first. */
function oneOfEachQueue(subscribers: readonly Subscription[]): readonly Subscription[] {
  if (subscribers.length < 2) return subscribers;
  const served = new Set<string>();
  return subscribers.filter(({ queue, subject }) => {
    if (queue === undefined) return true;
    const group = `${subject} ${queue}`;
    if (served.has(group)) return false;
    served.add(group);
    return true;
  });
}
