/**
 * Messages with the semantics of NATS core: at most once, nothing kept for absent subscribers, order kept
 * per publisher and subject. Payloads are text (JSON in practice).
 */
export interface Bus {
  /**
   * Sends and forgets. It succeeds whether or not anybody listens, which is what makes loss L1 possible
   * (spec, 1-system). While the connection is away the message is lost as silently: each try to connect forgets
   * what was published before it, so only what is published during the try that succeeds is sent on return.
   * @throws PayloadTooLargeError when no broker would take it.
   */
  publish(subject: string, payload: string): void;
  /** Every message whose subject matches (`*` one token, `>` the rest) until unsubscribed. */
  subscribe(subject: string, handler: (message: BusMessage) => void): BusSubscription;
  /**
   * Sends and waits for the first answer.
   * @throws NoRespondersError at once when nobody subscribes to the subject.
   * @throws RequestTimeoutError when nobody answered within `timeoutMs`.
   * @throws BusClosedError when the bus was closed meanwhile.
   * @throws PayloadTooLargeError as `publish` does.
   */
  request(subject: string, payload: string, options: { readonly timeoutMs: number }): Promise<string>;
  /**
   * Resolves once the broker has taken in everything sent before.
   * @throws BusClosedError when the bus was closed, and another error when the connection was away meanwhile.
   */
  flush(): Promise<void>;
  /**
   * Tells of every loss and return of the connection to the broker. `refused`: the broker does not let this client in
   * any more, and it has given up.
   */
  onConnection(listener: (state: "connected" | "disconnected" | "refused") => void): void;
  /** Sends what waits, and nothing that is published from now on, then leaves. Idempotent. */
  close(): Promise<void>;
}

export interface BusMessage {
  readonly subject: string;
  readonly payload: string;
  /** Answers a request; does nothing if the sender did not ask. */
  respond(payload: string): void;
}

export interface BusSubscription {
  unsubscribe(): void;
}

/** What a broker takes in one message, in bytes, unless it is configured otherwise (`max_payload`). */
export const LARGEST_PAYLOAD = 1024 * 1024;

/** The broker does not take messages of this size. */
export class PayloadTooLargeError extends Error {
  override readonly name = "PayloadTooLargeError";
  constructor(subject: string, bytes: number) {
    super(`the message to ${subject} has ${bytes} bytes, more than the broker takes`);
  }
}

/** Nobody subscribes to the subject of a request. */
export class NoRespondersError extends Error {
  override readonly name = "NoRespondersError";
  constructor(subject: string) {
    super(`nobody subscribes to ${subject}`);
  }
}

/** Somebody subscribes, but no answer came in time. */
export class RequestTimeoutError extends Error {
  override readonly name = "RequestTimeoutError";
  constructor(subject: string, timeoutMs: number) {
    super(`no answer on ${subject} within ${timeoutMs} ms`);
  }
}

/** The bus was closed while something waited for it. */
export class BusClosedError extends Error {
  override readonly name = "BusClosedError";
  constructor() {
    super("the connection to the message broker was closed");
  }
}

/** The broker does not let this client in: its credentials are missing, or none that the broker knows. */
export class BrokerRefusedError extends Error {
  override readonly name = "BrokerRefusedError";
  constructor(url: string, options?: ErrorOptions) {
    super(`the message broker ${url} refuses the credentials of this process`, options);
  }
}
