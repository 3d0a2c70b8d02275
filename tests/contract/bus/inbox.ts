import type { Bus, BusSubscription } from "../../../controlplane/ports/bus.ts";

/** What has arrived, in order. */
export interface Inbox {
  readonly payloads: readonly string[];
  /** Everything that had arrived when this one did. */
  readonly until: (payload: string) => Promise<readonly string[]>;
}

export function createInbox(): Inbox & { readonly add: (payload: string) => void } {
  const payloads: string[] = [];
  const waiting = new Map<string, PromiseWithResolvers<readonly string[]>>();
  return {
    payloads,
    add: (payload) => {
      payloads.push(payload);
      waiting.get(payload)?.resolve([...payloads]);
    },
    until: (payload) => {
      const index = payloads.indexOf(payload);
      if (index !== -1) return Promise.resolve(payloads.slice(0, index + 1));
      const arrival = Promise.withResolvers<readonly string[]>();
      waiting.set(payload, arrival);
      return arrival.promise;
    },
  };
}

/** Listens, and resolves when the broker knows of it. */
export async function listen(
  bus: Bus,
  subject: string,
): Promise<Inbox & { readonly subscription: BusSubscription }> {
  const inbox = createInbox();
  const subscription = bus.subscribe(subject, (message) => inbox.add(message.payload));
  await bus.flush();
  return { ...inbox, subscription };
}

/** Answers every request with what `answer` makes of it; resolves when the broker knows of it. */
export async function serve(bus: Bus, subject: string, answer: (payload: string) => string): Promise<void> {
  bus.subscribe(subject, (message) => message.respond(answer(message.payload)));
  await bus.flush();
}

/** What a bus tells of its connection. */
export function connectionOf(bus: Bus): {
  readonly told: readonly string[];
  readonly next: (state: "connected" | "disconnected" | "refused") => Promise<void>;
} {
  const told: string[] = [];
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  bus.onConnection((state) => {
    told.push(state);
    waiting.get(state)?.resolve();
  });
  return {
    told,
    next: (state) => {
      const arrival = Promise.withResolvers<void>();
      waiting.set(state, arrival);
      return arrival.promise;
    },
  };
}
