import { describe, expect, it } from "vitest";

/** One thing that every adapter of a port does. It judges with `expect`: what else is thrown proves nothing. */
export interface ContractCase<World> {
  readonly name: string;
  readonly run: (world: World) => Promise<void> | void;
}

/** What one case runs in, made for it alone. */
export interface ContractWorld extends AsyncDisposable {
  /** Rejects with WaitedInVainError, or with what the world itself met. A real world leaves it to the test's limit. */
  readonly failed: Promise<never>;
}

/** The case waits for something that does not happen any more. */
export class WaitedInVainError extends Error {
  override readonly name = "WaitedInVainError";
}

export interface ContractAdapter<World> {
  readonly name: string;
  readonly open: () => Promise<World> | World;
  /** Why it cannot be tried on this machine. */
  readonly unavailable?: string | undefined;
  /** Why it cannot be asked this, by the case's name. */
  readonly cannot?: Readonly<Record<string, string>>;
  /** What it is known to do wrong, by the case's name: such a case must fail, so that no entry outlives its reason. */
  readonly defects?: Readonly<Record<string, string>>;
}

/** Runs every case against every adapter. */
export function testContract<World extends ContractWorld>(
  port: string,
  cases: readonly ContractCase<World>[],
  adapters: readonly ContractAdapter<World>[],
): void {
  const untried = adapters.flatMap(({ unavailable = [] }) => unavailable);
  for (const reason of untried) process.stderr.write(`skipped: ${reason}\n`);

  it(`the ${port} contract is tried on every adapter, where REPRO_REQUIRE_ENGINE=1 asks for it`, () => {
    expect(process.env["REPRO_REQUIRE_ENGINE"] === "1" ? untried : []).toEqual([]);
  });

  for (const adapter of adapters) {
    const { name, unavailable, cannot = {}, defects = {} } = adapter;
    const skip = unavailable !== undefined;
    describe(`the ${port} contract, kept by ${name}`, { skip }, () => {
      for (const one of cases) {
        const note = cannot[one.name] ?? defects[one.name];
        const fails = one.name in defects;
        // What is known to fail may do so by waiting for ever.
        const options = { skip: one.name in cannot, fails, timeout: fails ? 2_000 : 20_000 };
        it(`${one.name}${note === undefined ? "" : ` (${note})`}`, options, async () => {
          expect(await runCase(one, adapter)).toBe("kept");
        });
      }

      it("names only cases that exist as exceptions", () => {
        expect(cases.map((one) => one.name)).toEqual(
          expect.arrayContaining(Object.keys({ ...cannot, ...defects })),
        );
      });
    });
  }
}

/** An adapter that does one thing otherwise than the contract says. */
export interface WrongAdapter<World> {
  /** Completes "an adapter that …". */
  readonly does: string;
  readonly open: () => Promise<World> | World;
}

/** Shows that no case passes whatever an adapter does: for each there is a wrong one, on which it fails. */
export function testThatEachCaseCanFail<World extends ContractWorld>(
  port: string,
  cases: readonly ContractCase<World>[],
  wrong: Readonly<Record<string, WrongAdapter<World>>>,
): void {
  describe(`the ${port} contract, broken by an adapter that`, () => {
    it("is written for each case, and for nothing else", () => {
      expect(Object.keys(wrong).toSorted()).toEqual(cases.map(({ name }) => name).toSorted());
    });

    for (const one of cases) {
      const { does = "nobody has written", open = () => expect.fail() } = wrong[one.name] ?? {};
      it(`${does}: "${one.name}" fails`, async () => {
        const outcome = await runCase(one, { open }).catch((error: unknown) => error);
        // Anything else would mean that the adapter fell over, and not that the case has judged it.
        expect(outcome).toMatchObject({
          name: expect.stringMatching(/^(AssertionError|WaitedInVainError)$/),
        });
      });
    }
  });
}

/** @throws what the case finds wrong, or waits for in vain. */
export async function runCase<World extends ContractWorld>(
  { run }: ContractCase<World>,
  { open }: Pick<ContractAdapter<World>, "open">,
): Promise<"kept"> {
  await using world = await open();
  await Promise.race([run(world), world.failed]);
  return "kept";
}

/** For a world in which nothing can go on without the case. */
export const NEVER: Promise<never> = new Promise(() => {});

/**
 * What a promise fails with, or that it did not fail. (`expect(…).rejects` would keep a test waiting until the
 * promise settles, even when the case has been given up.)
 */
export function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "it did not fail",
    (error: unknown) => error,
  );
}
