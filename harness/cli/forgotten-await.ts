import type { ScenarioContext } from "../scenario/define.ts";

/** A verb was begun, and nobody waits for its end; the stack says where it was begun. */
class ForgottenAwait extends Error {
  override readonly name = "ForgottenAwait";
}

type Verb = (...given: readonly unknown[]) => unknown;

/**
 * Verbs for a scenario that no linter has seen: one that is not waited for goes on beside the next, or after the
 * end, and what is judged then is not what was meant.
 */
export function watchAwaits(context: ScenarioContext): {
  readonly context: ScenarioContext;
  /** The first verb whose end nobody has asked for, if there is one. For when the scenario has returned. */
  readonly forgotten: () => Error | undefined;
} {
  const unasked = new Set<ForgottenAwait>();
  const originals = new WeakMap<object, object>();

  return { context: watched(context) as ScenarioContext, forgotten: () => [...unasked][0] };

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
      const mistake = new ForgottenAwait(`${name}() is not waited for: write \`await\` before it`);
      Error.captureStackTrace(mistake, call);
      const result = verb(...given.map(original));
      return result instanceof Promise ? watchedPromise(result, mistake) : watched(result);
    };
  }

  /** The harness is given what is its own. */
  function original(value: unknown): unknown {
    return typeof value === "object" && value !== null ? (originals.get(value) ?? value) : value;
  }

  function watchedPromise(promise: Promise<unknown>, mistake: ForgottenAwait): Promise<unknown> {
    unasked.add(mistake);
    return WatchedPromise.of(promise.then(watched), () => unasked.delete(mistake));
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
