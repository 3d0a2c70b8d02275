import { afterEach, describe, expect, it } from "vitest";
import { AmbientAccessError, guardAmbient } from "./ambient-guard.ts";

type Guard = ReturnType<typeof guardAmbient>;

/** What would make a run depend on this machine and this moment. */
const SOURCES: readonly (readonly [name: string, use: () => unknown])[] = [
  ["Date.now()", () => Date.now()],
  ["new Date()", () => new Date()],
  ["new Date()", () => Date()],
  ["setTimeout()", () => setTimeout(() => {}, 1)],
  ["setInterval()", () => setInterval(() => {}, 1)],
  ["setImmediate()", () => setImmediate(() => {})],
  ["Math.random()", () => Math.random()],
  ["performance.now()", () => performance.now()],
  ["crypto.randomUUID()", () => crypto.randomUUID()],
  ["crypto.getRandomValues()", () => crypto.getRandomValues(new Uint8Array(1))],
  ["AbortSignal.timeout()", () => AbortSignal.timeout(1)],
];

let guard: Guard | undefined;
afterEach(() => {
  guard?.lift();
  guard = undefined;
});

describe("while the guard stands", () => {
  it.each(SOURCES)("%s throws", (name, use) => {
    const error = guarded(() => errorOf(use));
    expect(error).toBeInstanceOf(AmbientAccessError);
    expect((error as Error).message).toMatch(
      new RegExp(`^${name.replaceAll(/[()]/g, String.raw`\$&`)} was used in a simulation`),
    );
  });

  it.each(SOURCES)("%s is remembered, though the error be swallowed", (_name, use) => {
    const [error, remembered] = guarded((own) => [errorOf(use), own.firstUse()]);
    expect(remembered).toBe(error);
  });

  it("the first use is the one that is remembered", () => {
    const [first, remembered] = guarded((own) => {
      const errors = [errorOf(() => Math.random()), errorOf(() => Date.now())];
      return [errors[0], own.firstUse()];
    });
    expect(remembered).toBe(first);
  });

  it("what a given moment says may be asked: it is the same everywhere", () => {
    const [text, parsed, utc, isDate, remembered] = guarded((own) => {
      const date = new Date(0);
      return [
        date.toISOString(),
        Date.parse("1970-01-01T00:00:01Z"),
        Date.UTC(1970, 0, 2),
        date instanceof Date,
        own.firstUse(),
      ];
    });
    expect([text, parsed, utc, isDate, remembered]).toEqual([
      "1970-01-01T00:00:00.000Z",
      1_000,
      86_400_000,
      true,
      undefined,
    ]);
  });

  it("no second one is put up: two simulations in one process would take each other's time for real", () => {
    expect(guarded(() => errorOf(() => guardAmbient()))).toMatchObject({
      message: "a simulation runs already in this process: end it first",
    });
  });
});

describe("once the guard is lifted", () => {
  it("everything is as it was", () => {
    const before = ambient();
    guarded(() => {});
    expect(ambient()).toEqual(before);
  });

  it.each(SOURCES)("%s works", (_name, use) => {
    guarded(() => errorOf(use));
    const made = use();
    clearTimeout(made as NodeJS.Timeout);
    clearImmediate(made as NodeJS.Immediate);
    expect(made).toBeDefined();
  });

  it("lifting it again does no harm, even under another guard", () => {
    const earlier = guardAmbient();
    earlier.lift();
    earlier.lift();
    const error = guarded(() => {
      earlier.lift();
      return errorOf(() => Date.now());
    });
    expect(error).toBeInstanceOf(AmbientAccessError);
  });

  it("the use is still known", () => {
    guarded(() => errorOf(() => Date.now()));
    expect(guard?.firstUse()).toBeInstanceOf(AmbientAccessError);
  });
});

/** Nothing but `work` may run under the guard: the test runner needs its clock. */
function guarded<T>(work: (own: Guard) => T): T {
  guard = guardAmbient();
  try {
    return work(guard);
  } finally {
    guard.lift();
  }
}

function errorOf(use: () => unknown): unknown {
  try {
    return use();
  } catch (error) {
    return error;
  }
}

function ambient(): readonly unknown[] {
  const holders: readonly (readonly [object, string])[] = [
    [globalThis, "Date"],
    [Date, "now"],
    [globalThis, "setTimeout"],
    [globalThis, "setInterval"],
    [globalThis, "setImmediate"],
    [Math, "random"],
    [performance, "now"],
    [crypto, "randomUUID"],
    [crypto, "getRandomValues"],
    [AbortSignal, "timeout"],
  ];
  return holders.map(([holder, name]) => [
    Object.getOwnPropertyDescriptor(holder, name),
    Reflect.get(holder, name) as unknown,
  ]);
}
