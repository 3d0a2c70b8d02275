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
  for (const adapter of adapters) {
    describe(`the ${port} contract, kept by ${adapter.name}`, { timeout: 20_000 }, () => {
      if (adapter.unavailable !== undefined) {
        testUnavailable(adapter.unavailable);
        return;
      }
      for (const one of cases) {
        const cannot = adapter.cannot?.[one.name];
        const defect = adapter.defects?.[one.name];
        if (cannot !== undefined) it.skip(`${one.name} (${cannot})`, () => {});
        else if (defect !== undefined) it.fails(`${one.name} (not yet: ${defect})`, () => runCase(one, adapter));
        else it(one.name, () => runCase(one, adapter));
      }
      it("names only cases that exist as exceptions", () => {
        const exceptions = Object.keys({ ...adapter.cannot, ...adapter.defects });
        expect(cases.map(({ name }) => name)).toEqual(expect.arrayContaining(exceptions));
      });
    });
  }
}

function testUnavailable(reason: string): void {
  if (process.env["REPRO_REQUIRE_ENGINE"] === "1") {
    it("can be tried", () => expect.fail(`REPRO_REQUIRE_ENGINE=1, and ${reason}`));
  } else {
    process.stderr.write(`skipped: ${reason}\n`);
    it.skip(`is not tried: ${reason}`, () => {});
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

    it.each(cases.flatMap((one) => (wrong[one.name] === undefined ? [] : [{ one, ...wrong[one.name] }])))(
      "$does: «$one.name» fails",
      async ({ one, open }) => {
        const failure = await runCase(one, { open } as WrongAdapter<World>).then(
          () => "none: the case passed",
          (error: unknown) => error,
        );
        expect(failure).toSatisfy(
          (error) => error instanceof Error && ["AssertionError", "WaitedInVainError"].includes(error.name),
        );
      },
    );
  });
}

async function runCase<World extends ContractWorld>(
  { run }: ContractCase<World>,
  { open }: Pick<ContractAdapter<World>, "open">,
): Promise<void> {
  await using world = await open();
  await Promise.race([run(world), world.failed]);
}

/** For a world in which nothing can go on without the case. */
export const NEVER: Promise<never> = new Promise(() => {});
