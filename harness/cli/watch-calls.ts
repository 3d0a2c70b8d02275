import type { ScenarioContext } from "../scenario/define.ts";

/** A verb was called; the stack says where. */
class Call extends Error {
  override readonly name = "Call";
  readonly verb: string;
  constructor(verb: string, from: Verb) {
    super(verb);
    this.verb = verb;
    Error.captureStackTrace(this, from);
  }
}

type Verb = (...given: readonly unknown[]) => unknown;

/**
 * The same verbs for a scenario that no linter has seen. One that is not waited for goes on beside the next, or after
 * the end, and what is judged then is not what was meant.
 */
export function watchCalls(context: ScenarioContext): {
  readonly context: ScenarioContext;
  /** The first whose end nobody has asked for. */
  readonly unasked: () => Call | undefined;
  /** The first that has not come to its end. */
  readonly goesOn: () => Call | undefined;
  /** The one that has failed so. */
  readonly failedBy: (error: unknown) => Call | undefined;
} {
  const unasked = new Set<Call>();
  const goingOn = new Set<Call>();
  const failed = new Map<unknown, Call>();
  const originals = new WeakMap<object, object>();

  return {
    context: watched(context) as ScenarioContext,
    unasked: () => [...unasked][0],
    goesOn: () => [...goingOn][0],
    failedBy: (error) => failed.get(error),
  };

  /** Whatever has verbs is watched, and whatever they return; all else is data. */
  function watched(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(watched);
    if (!hasVerbs(value)) return value;
    const watching = new Proxy(value, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        return typeof member === "function" ? watchedVerb(String(key), member as Verb) : watched(member);
      },
    });
    originals.set(watching, value);
    return watching;
  }

  function watchedVerb(name: string, verb: Verb): Verb {
    return function call(...given) {
      const made = new Call(name, call);
      const fail = (error: unknown): never => {
        failed.set(error, made);
        throw error;
      };
      let result: unknown;
      try {
        result = verb(...given.map(original));
      } catch (error) {
        return fail(error);
      }
      if (!(result instanceof Promise)) return watched(result);
      unasked.add(made);
      goingOn.add(made);
      const ended = result.then(watched, fail).finally(() => goingOn.delete(made));
      return WatchedPromise.of(ended, () => unasked.delete(made));
    };
  }

  /** The harness is given what is its own. */
  function original(value: unknown): unknown {
    return typeof value === "object" && value !== null ? (originals.get(value) ?? value) : value;
  }
}

/** Tells when it is asked for its end: by `await`, `Promise.all`, or any method of its own, which all ask `then`. */
class WatchedPromise extends Promise<unknown> {
  #onAsked = () => {};

  static of(promise: Promise<unknown>, onAsked: () => void): WatchedPromise {
    const watched = new WatchedPromise((resolve) => resolve(promise));
    // Why one failed that nobody asks is not to end the process.
    watched.catch(() => {});
    watched.#onAsked = onAsked;
    return watched;
  }

  static override get [Symbol.species]() {
    return Promise;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is a promise, and this is where it is asked
  override then<A, B>(...on: Parameters<typeof Promise.prototype.then<A, B>>): Promise<A | B> {
    this.#onAsked();
    return super.then(...on);
  }
}

function hasVerbs(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Reflect.ownKeys(value).some((key) => typeof Reflect.get(value, key) === "function");
}
