import {
  BrokerRefusedError,
  BusClosedError,
  LARGEST_PAYLOAD,
  NoRespondersError,
  PayloadTooLargeError,
  RequestTimeoutError,
  type Bus,
  type BusMessage,
} from "../../../../controlplane/ports/bus.ts";
import type { BrokerCredentials } from "../../../../controlplane/ports/credentials.ts";
import { proving } from "../programs/credentials.ts";
import type { RandomStream } from "../time/random-streams.ts";
import type { SimProcess } from "../process/process.ts";
import type { ClientMessage, ServerMessage } from "./nats-protocol.ts";
import type { Attachment, Socket } from "./network.ts";

type ConnectionState = Parameters<Parameters<Bus["onConnection"]>[0]>[0];

/** Between the starts of two tries. */
const RECONNECT_MS = 100;
/** The library's own limit for one try. */
const DIAL_TIMEOUT_MS = 20_000;

/**
 * A NATS client with the habits of the real adapter (tests/contract/bus compares them): tries for ever, at
 * once and then every 100 ms; each try forgets what was published before it and never sent, so a message
 * sent while the broker is away is lost, but for one sent during the try that succeeds; subscriptions are
 * made anew on every return.
 */
export function connectSimBus(
  at: { readonly process: SimProcess; readonly network: Attachment; readonly chance: RandomStream },
  options: {
    readonly host: string;
    readonly port: number;
    readonly name: string;
    readonly credentials?: BrokerCredentials | undefined;
    readonly inboxPrefix?: string;
  },
): Promise<Bus> {
  const { process, network } = at;
  const proof = options.credentials && proving(options.credentials);
  const inbox = `${options.inboxPrefix ?? "_INBOX"}.${at.chance.uuid().replaceAll("-", "").slice(0, 22)}`;
  const subscriptions = new Map<
    number,
    { readonly subject: string; readonly handle: (message: ServerMessage) => void }
  >();
  const requests = new Map<
    string,
    { readonly subject: string; readonly settle: (answer: string | Error) => void }
  >();
  const buffer: ClientMessage[] = [];
  /** Who waits for an answer to a ping, in the order of the pings. */
  const pongs: PromiseWithResolvers<void>[] = [];
  const listeners: ((state: ConnectionState) => void)[] = [];
  /** Taken, and greeted by the server. */
  let socket: Socket | undefined;
  let lastDialMs = Number.NEGATIVE_INFINITY;
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
        const settle = (answer: string | Error): void => {
          requests.delete(reply);
          limit.cancel();
          if (answer instanceof Error)
            reject(answer instanceof NoRespondersError ? new NoRespondersError(subject) : answer);
          else resolve(answer);
        };
        requests.set(reply, { subject, settle });
        write({ op: "pub", subject, reply, payload });
      });
    },
    flush: () => {
      if (closed) return Promise.reject(new BusClosedError());
      const pong = Promise.withResolvers<void>();
      pongs.push(pong);
      write({ op: "ping" });
      return pong.promise;
    },
    onConnection: (listener) => {
      listeners.push(listener);
    },
    close: () => {
      end();
      return Promise.resolve();
    },
  };
  return new Promise((resolve, reject) => {
    dial(
      () => resolve(bus),
      () => reject(new BrokerRefusedError(`nats://${options.host}:${options.port}`)),
    );
  });

  function end(): void {
    if (closed) return;
    closed = true;
    socket?.destroy();
    for (const { settle } of requests.values()) settle(new BusClosedError());
    for (const pong of pongs.splice(0)) pong.reject(new BusClosedError());
  }

  function dial(onConnected: () => void, onRefused: () => void): void {
    if (closed || !process.isAlive()) return;
    const waitMs = lastDialMs + RECONNECT_MS - process.clock.nowMs();
    if (waitMs > 0) {
      process.clock.after(waitMs, () => dial(onConnected, onRefused));
      return;
    }
    lastDialMs = process.clock.nowMs();
    buffer.length = 0;
    for (const pong of pongs.splice(0))
      pong.reject(new Error("the connection to the message broker is away"));
    network.connect(options.host, options.port).then(
      (dialled) => process.run(() => greet(dialled, onConnected, onRefused)),
      () => process.run(() => dial(onConnected, onRefused)),
    );
  }

  /** Introduces itself; the connection counts from the server's first answer, which a frozen one does not give. */
  function greet(dialled: Socket, onConnected: () => void, onRefused: () => void): void {
    const answered = Promise.withResolvers<void>();
    const limit = process.clock.after(DIAL_TIMEOUT_MS, () => answered.reject(new Error("no answer")));
    const take = (): void => {
      limit.cancel();
      if (!closed) use(dialled, onConnected);
    };
    const giveUp = (): void => {
      limit.cancel();
      dialled.destroy();
      dial(onConnected, onRefused);
    };
    answered.promise.then(take, giveUp);
    pongs.unshift(answered);
    let refused = false;
    dialled.onMessage((message) =>
      process.run(() => {
        const said = message as ServerMessage;
        if (said.op !== "refused") return receive(said);
        refused = true;
        limit.cancel();
        end();
        onRefused();
      }),
    );
    dialled.onClose(() =>
      process.run(() => {
        if (refused) return;
        if (socket !== dialled) {
          answered.reject(new Error("hung up"));
          return;
        }
        socket = undefined;
        tell("disconnected");
        dial(
          () => tell("connected"),
          () => tell("refused"),
        );
      }),
    );
    dialled.send({ op: "connect", name: options.name, proof });
    dialled.send({ op: "ping" });
  }

  function use(connected: Socket, onConnected: () => void): void {
    socket = connected;
    for (const [sid, { subject }] of subscriptions) send({ op: "sub", sid, subject });
    for (const message of buffer.splice(0)) send(message);
    onConnected();
  }

  function tell(state: ConnectionState): void {
    for (const listener of listeners) listener(state);
  }

  function receive(message: ServerMessage): void {
    if (message.op === "pong") pongs.shift()?.resolve();
    else if (message.op === "forbidden") forbidden(message.subject);
    else if (message.op !== "refused") subscriptions.get(message.sid)?.handle(message);
  }

  /** Who asks on a subject that is not theirs hears of it; who only publishes or subscribes does not. */
  function forbidden(subject: string): void {
    for (const request of requests.values()) {
      if (request.subject === subject) request.settle(new Error(`the broker forbids ${subject}`));
    }
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
      if (message.op !== "msg" && message.op !== "no-responders") return;
      const answer = message.op === "msg" ? message.payload : new NoRespondersError(message.subject);
      requests.get(message.subject)?.settle(answer);
    });
  }

  function write(message: ClientMessage): void {
    if (closed) return;
    if (message.op === "pub") checkSize(message);
    if (socket === undefined) {
      if (message.op !== "unsub") buffer.push(message);
    } else send(message);
  }

  function send(message: ClientMessage): void {
    socket?.send(message);
  }

  /** As the library does, which knows the limit of its server. */
  function checkSize({ subject, payload }: Extract<ClientMessage, { op: "pub" }>): void {
    // A character has three bytes at the most: almost none needs to be counted.
    if (payload.length * 3 <= LARGEST_PAYLOAD) return;
    const bytes = Buffer.byteLength(payload);
    if (bytes > LARGEST_PAYLOAD) throw new PayloadTooLargeError(subject, bytes);
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
