/** Something reached for the real clock, real timers or real chance while virtual time ran. */
export class AmbientAccessError extends Error {
  override readonly name = "AmbientAccessError";
  constructor(what: string) {
    super(`${what} was used in a simulation: its result would depend on this machine and this moment`);
  }
}

/**
 * Makes every ambient source of time and chance throw until it is lifted, and remembers the first use, so
 * that a run fails even if somebody swallows the error. What a simulation says is worth believing only
 * because nothing else can have told it the time.
 */
export function guardAmbient(): { readonly firstUse: () => AmbientAccessError | undefined; lift(): void } {
  let first: AmbientAccessError | undefined;
  const forbid = (what: string) => (): never => {
    const error = new AmbientAccessError(what);
    first ??= error;
    throw error;
  };
  const real = {
    Date: globalThis.Date,
    setTimeout: globalThis.setTimeout,
    setInterval: globalThis.setInterval,
    setImmediate: globalThis.setImmediate,
    random: Math.random,
    performanceNow: globalThis.performance.now,
    randomUUID: globalThis.crypto.randomUUID,
    getRandomValues: globalThis.crypto.getRandomValues,
  };
  const nowForbidden = forbid("Date.now()");
  const dateForbidden = forbid("new Date()");
  globalThis.Date = new Proxy(real.Date, {
    construct: (target, args: []) => (args.length === 0 ? dateForbidden() : Reflect.construct(target, args)),
    apply: () => dateForbidden(),
    get: (target, key, receiver) => (key === "now" ? nowForbidden : Reflect.get(target, key, receiver)),
  });
  globalThis.setTimeout = forbid("setTimeout()") as unknown as typeof setTimeout;
  globalThis.setInterval = forbid("setInterval()") as unknown as typeof setInterval;
  globalThis.setImmediate = forbid("setImmediate()") as unknown as typeof setImmediate;
  Math.random = forbid("Math.random()");
  globalThis.performance.now = forbid("performance.now()");
  globalThis.crypto.randomUUID = forbid("crypto.randomUUID()");
  globalThis.crypto.getRandomValues = forbid("crypto.getRandomValues()");
  return {
    firstUse: () => first,
    lift: () => {
      globalThis.Date = real.Date;
      globalThis.setTimeout = real.setTimeout;
      globalThis.setInterval = real.setInterval;
      globalThis.setImmediate = real.setImmediate;
      Math.random = real.random;
      globalThis.performance.now = real.performanceNow;
      globalThis.crypto.randomUUID = real.randomUUID;
      globalThis.crypto.getRandomValues = real.getRandomValues;
    },
  };
}
