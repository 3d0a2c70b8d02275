import {
  BusClosedError,
  NoRespondersError,
  RequestTimeoutError,
  type Bus,
  type BusMessage,
} from "../../../../controlplane/ports/bus.ts";
import type { RandomStream } from "../time/random-streams.ts";
import type { SimProcess } from "../process/process.ts";
import type { ClientMessage, ServerMessage } from "./nats-protocol.ts";
import type { Attachment, Socket } from "./network.ts";

const RECONNECT_MS = 100;

/**
 * A NATS client with the habits of the real adapter: connects for ever, every 100 ms; what is published while
 * the connection is away waits in its buffer; subscriptions are made anew on every return.
 */
export function connectSimBus(
  at: { readonly process: SimProcess; readonly network: Attachment; readonly chance: RandomStream },
  options: { readonly host: string; readonly port: number; readonly name: string },
): Promise<Bus> {
  const { process, network } = at;
  const inbox = `_INBOX.${at.chance.uuid().replaceAll("-", "").slice(0, 22)}`;
  const subscriptions = new Map<
    number,
    { readonly subject: string; readonly handle: (message: ServerMessage) => void }
  >();
  const requests = new Map<string, (answer: string | Error) => void>();
  const buffer: ClientMessage[] = [];
  const pongs: (() => void)[] = [];
  const listeners: ((state: "connected" | "disconnected") => void)[] = [];
  let socket: Socket | undefined;
  let nextSid = 1;
  let nextRequest = 1;
  let inboxIsOpen = false;
  let closed = false;

  const bus: Bus = {
    publish: (subject, payload) => write({ op: "pub", subject, payload }),
    subscribe: (subject, handler) => {
      const sid = subscribe(subject, (message) => {
        if (message.op === "msg") handler(asBusMessage(message));
      });
      return {
        unsubscribe: () => {
          subscriptions.delete(sid);
          write({ op: "unsub", sid });
        },
      };
    },
    request: (subject, payload, { timeoutMs }) => {
      if (closed) return Promise.reject(new BusClosedError());
      return new Promise((resolve, reject) => {
        openInbox();
        const reply = `${inbox}.${nextRequest}`;
        nextRequest += 1;
        const limit = process.clock.after(timeoutMs, () => {
          requests.delete(reply);
          reject(new RequestTimeoutError(subject, timeoutMs));
        });
        requests.set(reply, (answer) => {
          requests.delete(reply);
          limit.cancel();
          if (answer instanceof Error)
            reject(answer instanceof NoRespondersError ? new NoRespondersError(subject) : answer);
          else resolve(answer);
        });
        write({ op: "pub", subject, reply, payload });
      });
    },
    flush: () => {
      if (closed) return Promise.reject(new BusClosedError());
      return new Promise((resolve) => {
        pongs.push(resolve);
        write({ op: "ping" });
      });
    },
    onConnection: (listener) => {
      listeners.push(listener);
    },
    close: () => {
      if (!closed) {
        closed = true;
        socket?.destroy();
        for (const answer of requests.values()) answer(new BusClosedError());
      }
      return Promise.resolve();
    },
  };
  return new Promise((resolve) => {
    connect(() => resolve(bus));
  });

  function connect(onConnected: () => void): void {
    if (closed || !process.isAlive()) return;
    network.connect(options.host, options.port).then(
      (connected) => process.run(() => use(connected, onConnected)),
      () => process.clock.after(RECONNECT_MS, () => connect(onConnected)),
    );
  }

  function use(connected: Socket, onConnected: () => void): void {
    socket = connected;
    connected.onMessage((message) => process.run(() => receive(message as ServerMessage)));
    connected.onClose(() => process.run(() => lose(connected)));
    send({ op: "connect", name: options.name });
    for (const [sid, { subject }] of subscriptions) send({ op: "sub", sid, subject });
    for (const message of buffer.splice(0)) send(message);
    onConnected();
  }

  function lose(lost: Socket): void {
    if (socket !== lost) return;
    socket = undefined;
    if (closed) return;
    tell("disconnected");
    process.clock.after(RECONNECT_MS, () => connect(() => tell("connected")));
  }

  function tell(state: "connected" | "disconnected"): void {
    for (const listener of listeners) listener(state);
  }

  function receive(message: ServerMessage): void {
    if (message.op === "pong") pongs.shift()?.();
    else subscriptions.get(message.sid)?.handle(message);
  }

  function subscribe(subject: string, handle: (message: ServerMessage) => void): number {
    const sid = nextSid;
    nextSid += 1;
    subscriptions.set(sid, { subject, handle });
    // On a return all subscriptions are made anew, so this one must not wait in the buffer as well.
    if (socket !== undefined) send({ op: "sub", sid, subject });
    return sid;
  }

  /** One subscription serves every request, as in the real client. */
  function openInbox(): void {
    if (inboxIsOpen) return;
    inboxIsOpen = true;
    subscribe(`${inbox}.*`, (message) => {
      if (message.op === "pong") return;
      const answer = message.op === "msg" ? message.payload : new NoRespondersError(message.subject);
      requests.get(message.subject)?.(answer);
    });
  }

  function write(message: ClientMessage): void {
    if (closed) return;
    if (socket === undefined) {
      if (message.op !== "unsub") buffer.push(message);
    } else send(message);
  }

  function send(message: ClientMessage): void {
    socket?.send(message);
  }

  function asBusMessage({ subject, reply, payload }: Extract<ServerMessage, { op: "msg" }>): BusMessage {
    return {
      subject,
      payload,
      respond: (answer) => {
        if (reply !== undefined) write({ op: "pub", subject: reply, payload: answer });
      },
    };
  }
}
