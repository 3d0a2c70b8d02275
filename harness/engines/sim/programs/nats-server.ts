import type { Permissions } from "../../../../controlplane/ports/credentials.ts";
import { matchesSubject, type ClientMessage, type ServerMessage } from "../network/nats-protocol.ts";
import type { CloseReason, Socket } from "../network/network.ts";
import { createSubscriptions } from "../network/subscriptions.ts";
import type { Proof } from "./credentials.ts";

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
  /** What it may use, and the key by which it was let in; absent where everybody may do everything. */
  permissions?: Permissions | undefined;
  nkey?: string | undefined;
  isIn: boolean;
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
  /** What a client may use by what it shows; undefined: nothing. Without it the server is open to all. */
  readonly admit?: ((proof: Proof | undefined) => Permissions | undefined) | undefined;
}): NatsServer {
  const { admit, print, printTime } = ports;
  const subscriptions = createSubscriptions<Subscription>();
  let nextCid = FIRST_CID;

  return {
    accept: (socket) => {
      const at = `${socket.peer}:${30_000 + nextCid} - cid:${nextCid}`;
      const client: Client = {
        socket,
        subscriptions: new Map(),
        at,
        who: nameOf(at, ""),
        isIn: admit === undefined,
      };
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
    if (message.op === "connect") return greet(client, message);
    // It has been told so already, and is on its way out.
    if (!client.isIn) return;
    switch (message.op) {
      case "sub": {
        if (!isAllowed(client.permissions?.subscribe, message.subject)) {
          line("TRC", `${client.who} - <<- [SUB ${message.subject} ${message.sid}]`);
          return forbid(client, "Subscription", message.subject, `, SID ${message.sid}`);
        }
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

  function greet(client: Client, { name, proof }: Extract<ClientMessage, { op: "connect" }>): void {
    client.who = nameOf(client.at, name);
    const shown =
      proof === undefined ? "" : `"jwt":"${proof.jwt}","nkey":"${proof.nkey}","sig":"${proof.sig}",`;
    line(
      "TRC",
      `${client.at} - <<- [CONNECT {"no_responders":true,"protocol":1,${shown}"name":"${name}","lang":"nats.js","version":"${VERSION}","headers":true}]`,
    );
    if (admit === undefined) return;
    client.permissions = admit(proof);
    client.nkey = proof?.nkey;
    client.isIn = client.permissions !== undefined;
    if (client.isIn) return;
    line("ERR", `${client.who} - authentication error`);
    line("TRC", `${client.who} - ->> [-ERR Authorization Violation]`);
    send(client, { op: "refused" });
    client.socket.destroy();
    line("DBG", `${client.who} - Client connection closed: Authentication Failure`);
  }

  function forbid(client: Client, what: "Subscription" | "Publish", subject: string, which = ""): void {
    line("TRC", `${client.who} - ->> [-ERR Permissions Violation for ${what} to "${subject}"]`);
    line("ERR", `${client.who} - ${what} Violation - Nkey "${client.nkey}", Subject "${subject}"${which}`);
    send(client, { op: "forbidden", subject });
  }

  function publish(client: Client, message: Extract<ClientMessage, { op: "pub" }>): void {
    const { subject, reply, payload } = message;
    const withReply = reply === undefined ? "" : ` ${reply}`;
    const size = Buffer.byteLength(payload);
    line("TRC", `${client.who} - <<- [PUB ${subject}${withReply} ${size}]`);
    line("TRC", `${client.who} - <<- MSG_PAYLOAD: [${JSON.stringify(payload)}]`);
    if (!isAllowed(client.permissions?.publish, subject)) return forbid(client, "Publish", subject);
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

  function line(level: "DBG" | "TRC" | "ERR", text: string): void {
    print(`[1] ${printTime()} [${level}] ${text}`);
  }
}

const VERSION = "3.4.0";

const CLOSED: Readonly<Record<CloseReason, string>> = { left: "Client Closed", silent: "Stale Connection" };

function isAllowed(patterns: readonly string[] | undefined, subject: string): boolean {
  return patterns === undefined || patterns.some((pattern) => matchesSubject(pattern, subject));
}

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
