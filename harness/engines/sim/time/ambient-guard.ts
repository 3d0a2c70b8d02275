/** Something reached for the real clock, real timers or real chance while virtual time ran. */
export class AmbientAccessError extends Error {
  override readonly name = "AmbientAccessError";
  constructor(what: string) {
    super(`${what} was used in a simulation: its result would depend on this machine and this moment`);
  }
}

/** What tells the time, waits for it, or draws lots. `Date` is there too, and is more than a function. */
const SOURCES: readonly (readonly [holder: object, name: string, called: string])[] = [
  [globalThis, "setTimeout", "setTimeout()"],
  [globalThis, "setInterval", "setInterval()"],
  [globalThis, "setImmediate", "setImmediate()"],
  [Math, "random", "Math.random()"],
  [globalThis.performance, "now", "performance.now()"],
  [globalThis.crypto, "randomUUID", "crypto.randomUUID()"],
  [globalThis.crypto, "getRandomValues", "crypto.getRandomValues()"],
  [AbortSignal, "timeout", "AbortSignal.timeout()"],
];

/** Whether a guard stands: there is one set of globals, so a second one would take the first for the real thing. */
let stands = false;

/**
 * Makes every ambient source of time and chance throw until it is lifted, and remembers the first use, so
 * that a run fails even if somebody swallows the error. What a simulation says is worth believing only
 * because nothing else can have told it the time.
 * @throws if another guard stands: two simulations cannot run at once in one process.
 */
export function guardAmbient(): { readonly firstUse: () => AmbientAccessError | undefined; lift(): void } {
  if (stands) throw new Error("a simulation runs already in this process: end it first");
  stands = true;
  let lifted = false;
  let first: AmbientAccessError | undefined;
  const forbid = (called: string) => (): never => {
    const error = new AmbientAccessError(called);
    first ??= error;
    throw error;
  };
  const restores = [
    ...SOURCES.map(([holder, name, called]) => replace(holder, name, forbid(called))),
    replace(globalThis, "Date", dateWithoutNow(forbid("Date.now()"), forbid("new Date()"))),
  ];
  return {
    firstUse: () => first,
    lift: () => {
      if (lifted) return;
      lifted = true;
      stands = false;
      for (const restore of restores) restore();
    },
  };
}

/** A given moment may be asked for what it says; only what moment it is now may not be asked. */
function dateWithoutNow(now: () => never, current: () => never): DateConstructor {
  return new Proxy(globalThis.Date, {
    construct: (target, args: [], by) =>
      args.length === 0 ? current() : Reflect.construct(target, args, by),
    apply: () => current(),
    get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
  });
}

/** Returns what puts it back exactly as it was, inherited where it was inherited. */
function replace(holder: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(holder, name);
  const enumerable = before?.enumerable ?? false;
  Object.defineProperty(holder, name, { value, enumerable, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(holder, name);
    else Object.defineProperty(holder, name, before);
  };
}
