import { connect, errors, type Authenticator, type Msg, type NatsConnection } from "@nats-io/transport-node";
import {
  BrokerRefusedError,
  BusClosedError,
  NoRespondersError,
  PayloadTooLargeError,
  RequestTimeoutError,
  type Bus,
  type BusMessage,
} from "../ports/bus.ts";
import type { BrokerCredentials } from "../ports/credentials.ts";
import { readUserSeed } from "./nkeys.ts";

const RECONNECT_MS = 100;

type ConnectionState = Parameters<Parameters<Bus["onConnection"]>[0]>[0];

export interface NatsOptions {
  readonly url: string;
  readonly name: string;
  /** None for a broker that is open to all. */
  readonly credentials?: BrokerCredentials | undefined;
  /** Where answers come in. */
  readonly inboxPrefix?: string;
}

/**
 * A connection to a NATS server, kept up for ever: the library by itself would wait 2 s between tries and
 * give up after ten (spec 5-quality). Resolves once connected.
 * @throws BrokerRefusedError if the server is there and does not let it in.
 */
export async function connectNatsBus(options: NatsOptions): Promise<Bus> {
  const connection = await connectTo(options);
  const listeners: ((state: ConnectionState) => void)[] = [];
  void tellOfConnection(connection, (state) => {
    for (const listener of listeners) listener(state);
  });
  let leaving: Promise<void> | undefined;
  /** Once it is leaving the library throws on some of what it is given, and sends the rest. */
  const publish = (subject: string, payload: string): void => {
    if (leaving !== undefined || connection.isClosed()) return;
    try {
      connection.publish(subject, payload);
    } catch (error) {
      throw isTooLarge(error) ? tooLarge(subject, payload) : error;
    }
  };
  return {
    publish,
    subscribe: (subject, handler) => {
      const subscription = connection.subscribe(subject, {
        callback: (error, message) => {
          if (error === null) outOfTheLibrary(() => handler(asBusMessage(message, publish)));
        },
      });
      return { unsubscribe: () => subscription.unsubscribe() };
    },
    request: async (subject, payload, { timeoutMs }) => {
      if (leaving !== undefined) throw new BusClosedError();
      try {
        const answer = await connection.request(subject, payload, { timeout: timeoutMs });
        return answer.string();
      } catch (error) {
        if (isTooLarge(error)) throw tooLarge(subject, payload);
        const translated = translate(error, subject, timeoutMs);
        // What ends with the connection the library tells without saying so.
        throw leaving !== undefined && translated instanceof errors.RequestError
          ? new BusClosedError()
          : translated;
      }
    },
    flush: () =>
      leaving === undefined && !connection.isClosed()
        ? connection.flush()
        : Promise.reject(new BusClosedError()),
    onConnection: (listener) => {
      listeners.push(listener);
    },
    // A second drain would fail, and closing then would cut off the first one's last words.
    close: () => (leaving ??= connection.drain().catch(() => connection.close())),
  };
}

/** Tries until somebody answers: a process may well be up before its broker. */
async function connectTo({ url, name, credentials, inboxPrefix }: NatsOptions): Promise<NatsConnection> {
  const authenticator = credentials && proving(url, credentials);
  for (;;) {
    const triedAtMs = Date.now();
    try {
      return await connect({
        servers: url,
        name,
        ...(authenticator && { authenticator }),
        ...(inboxPrefix !== undefined && { inboxPrefix }),
        reconnectTimeWait: RECONNECT_MS,
        reconnectJitter: 0,
        reconnectJitterTLS: 0,
        maxReconnectAttempts: -1,
        // It would give up on two slow answers as on two refusals; which is which is looked at here.
        ignoreAuthErrorAbort: true,
        // A broken link is noticed by traffic; the ping is for links that are silently gone.
        pingInterval: 10_000,
        ignoreClusterUpdates: true,
      });
    } catch (error) {
      if (isRefusal(error)) throw new BrokerRefusedError(url, { cause: error });
      // It was asked for what is none.
      if (error instanceof TypeError || error instanceof errors.InvalidArgumentError) throw error;
    }
    await new Promise<void>((resolve) => {
      setTimeout(resolve, Math.max(0, triedAtMs + RECONNECT_MS - Date.now()));
    });
  }
}

/** Not one of those that a slow or busy server gives. */
function isRefusal(error: unknown): boolean {
  return error instanceof errors.AuthorizationError && /violation/i.test(error.message);
}

/**
 * The server asks for something to be signed; what the JWT says counts for whoever can. Signed by our own: the library's
 * signing is JavaScript, and costs each process a tenth of a second of its start.
 * @throws BrokerRefusedError for a seed that is none: it is not to be tried again and again.
 */
function proving(url: string, { jwt, seed }: BrokerCredentials): Authenticator {
  const key = keyOf(url, seed);
  return (nonce) => ({ jwt, nkey: key.publicKey, sig: key.sign(nonce ?? "") });
}

function keyOf(url: string, seed: string) {
  try {
    return readUserSeed(seed);
  } catch (cause) {
    throw new BrokerRefusedError(url, { cause });
  }
}

/**
 * What a handler throws is thrown again where nobody catches it. Thrown into the library it would end the
 * loop that reads from the broker, and leave a process that lives and hears nothing.
 */
function outOfTheLibrary(handle: () => void): void {
  try {
    handle();
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}

function asBusMessage(message: Msg, publish: Bus["publish"]): BusMessage {
  const { reply } = message;
  return {
    subject: message.subject,
    payload: message.string(),
    respond: (payload) => {
      if (reply !== undefined && reply !== "") publish(reply, payload);
    },
  };
}

async function tellOfConnection(
  connection: NatsConnection,
  tell: (state: ConnectionState) => void,
): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === "disconnect") tell("disconnected");
    if (status.type === "reconnect") tell("connected");
    if (status.type === "error" && isRefusal(status.error)) {
      await connection.close();
      tell("refused");
    }
  }
}

/** The library knows the limit of the server that it is connected to, and has no class of its own for this. */
function isTooLarge(error: unknown): boolean {
  return error instanceof errors.InvalidArgumentError && error.message.includes("max_payload");
}

function tooLarge(subject: string, payload: string): PayloadTooLargeError {
  return new PayloadTooLargeError(subject, Buffer.byteLength(payload));
}

/** The library's errors are classes without context; ours name the subject. */
function translate(error: unknown, subject: string, timeoutMs: number): Error {
  if (error instanceof errors.NoRespondersError) return new NoRespondersError(subject);
  if (error instanceof errors.RequestError && error.isNoResponders()) return new NoRespondersError(subject);
  if (error instanceof errors.TimeoutError) return new RequestTimeoutError(subject, timeoutMs);
  if (error instanceof errors.ClosedConnectionError || error instanceof errors.DrainingConnectionError) {
    return new BusClosedError();
  }
  return error instanceof Error ? error : new Error(String(error));
}
