import {
  BusClosedError,
  LARGEST_PAYLOAD,
  NoRespondersError,
  PayloadTooLargeError,
  RequestTimeoutError,
  type Bus,
  type BusMessage,
} from "../ports/bus.ts";
import type { Clock } from "../ports/clock.ts";

export interface MemoryBroker {
  /** The connection of one process; `kill` takes it and its subscriptions away. */
  connect(): Bus & { kill(): void };
  /** Everything that was published or asked, in order, whatever became of it. */
  readonly published: readonly SentMessage[];
  /** Decides what becomes of the messages from now on: the delay of each copy that arrives; none: it is lost. */
  decide(fate: (message: SentMessage) => readonly number[]): void;
  /** Says it again, as a message that was on its way for long. */
  repeat(message: SentMessage): void;
}

export interface SentMessage {
  readonly subject: string;
  readonly payload: string;
}

interface Subscriber {
  readonly subject: string;
  readonly handler: (message: BusMessage) => void;
}

function checkSize({ subject, payload }: SentMessage): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes > LARGEST_PAYLOAD) throw new PayloadTooLargeError(subject, bytes);
}

/** A `*` stands for the last word, whatever it is. */
function fits({ subject: wanted }: Subscriber, subject: string): boolean {
  return wanted.endsWith(".*")
    ? subject.slice(0, subject.lastIndexOf(".")) === wanted.slice(0, -2)
    : subject === wanted;
}

/** NATS core in one process, for subjects that are exact or end in `*`: nothing is kept for those who do not listen. */
export function createMemoryBroker(clock: Clock): MemoryBroker {
  const subscribers = new Set<Subscriber>();
  const published: SentMessage[] = [];
  let fate: (message: SentMessage) => readonly number[] = () => [0];

  const send = (message: SentMessage, respond: (payload: string) => void): void => {
    checkSize(message);
    published.push(message);
    for (const delayMs of fate(message)) clock.after(delayMs, () => deliver(message, respond));
  };
  const deliver = (message: SentMessage, respond: (payload: string) => void): void => {
    for (const subscriber of subscribers) {
      if (fits(subscriber, message.subject)) subscriber.handler({ ...message, respond });
    }
  };

  return {
    published,
    decide: (decided) => {
      fate = decided;
    },
    repeat: (message) => deliver(message, () => {}),
    connect: () => {
      const own = new Set<Subscriber>();
      const hangUps = new Set<() => void>();
      let closed = false;
      const kill = (): void => {
        closed = true;
        for (const subscriber of own) subscribers.delete(subscriber);
        for (const hangUp of hangUps) hangUp();
      };
      return {
        publish: (subject, payload) => {
          if (!closed) send({ subject, payload }, () => {});
        },
        subscribe: (subject, handler) => {
          const subscriber = { subject, handler };
          own.add(subscriber);
          subscribers.add(subscriber);
          return { unsubscribe: () => void subscribers.delete(subscriber) };
        },
        request: (subject, payload, { timeoutMs }) =>
          new Promise((resolve, reject) => {
            if (closed) return reject(new BusClosedError());
            if (![...subscribers].some((subscriber) => fits(subscriber, subject))) {
              published.push({ subject, payload });
              return reject(new NoRespondersError(subject));
            }
            const hangUp = () => reject(new BusClosedError());
            hangUps.add(hangUp);
            const timeout = clock.after(timeoutMs, () => reject(new RequestTimeoutError(subject, timeoutMs)));
            send({ subject, payload }, (answer) => {
              checkSize({ subject: "its inbox", payload: answer });
              timeout.cancel();
              hangUps.delete(hangUp);
              resolve(answer);
            });
          }),
        flush: () => Promise.resolve(),
        onConnection: () => {},
        close: () => Promise.resolve(kill()),
        kill,
      };
    },
  };
}
