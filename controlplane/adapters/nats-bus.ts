import { connect, errors, type Msg, type NatsConnection } from "@nats-io/transport-node";
import {
  BusClosedError,
  NoRespondersError,
  RequestTimeoutError,
  type Bus,
  type BusMessage,
} from "../ports/bus.ts";

const RECONNECT_MS = 100;

/**
 * A connection to a NATS server, kept up for ever: the library by itself would wait 2 s between tries and
 * give up after ten (spec 5-quality). Resolves once connected.
 */
export async function connectNatsBus(options: { readonly url: string; readonly name: string }): Promise<Bus> {
  const connection = await connect({
    servers: options.url,
    name: options.name,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: 0,
    reconnectJitterTLS: 0,
    maxReconnectAttempts: -1,
    waitOnFirstConnect: true,
    // A broken link is noticed by traffic; the ping is for links that are silently gone.
    pingInterval: 10_000,
    ignoreClusterUpdates: true,
  });
  const listeners: ((state: "connected" | "disconnected") => void)[] = [];
  void tellOfConnection(connection, (state) => {
    for (const listener of listeners) listener(state);
  });
  return {
    publish: (subject, payload) => {
      if (!connection.isClosed()) connection.publish(subject, payload);
    },
    subscribe: (subject, handler) => {
      const subscription = connection.subscribe(subject, {
        callback: (error, message) => {
          if (error === null) handler(asBusMessage(message));
        },
      });
      return { unsubscribe: () => subscription.unsubscribe() };
    },
    request: async (subject, payload, { timeoutMs }) => {
      try {
        const answer = await connection.request(subject, payload, { timeout: timeoutMs });
        return answer.string();
      } catch (error) {
        throw translate(error, subject, timeoutMs);
      }
    },
    flush: () => connection.flush(),
    onConnection: (listener) => {
      listeners.push(listener);
    },
    close: async () => {
      if (!connection.isClosed()) await connection.drain().catch(() => connection.close());
    },
  };
}

function asBusMessage(message: Msg): BusMessage {
  return {
    subject: message.subject,
    payload: message.string(),
    respond: (payload) => {
      message.respond(payload);
    },
  };
}

async function tellOfConnection(
  connection: NatsConnection,
  tell: (state: "connected" | "disconnected") => void,
): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === "disconnect") tell("disconnected");
    if (status.type === "reconnect") tell("connected");
  }
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
