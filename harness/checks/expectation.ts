import type { AvoidRule } from "../vocabulary.ts";
import type { Verdict } from "./verdict.ts";

/** The combination that passes everything, whatever it is made of. */
const RECOMMENDED = "recommended";

/** What a scenario says that it expects. */
export interface Expected {
  readonly expected: Readonly<Record<string, string>>;
  readonly ifSameJobAvoided?: { readonly expected: Readonly<Record<string, string>> };
  readonly spoiledBy?: readonly string[];
}

/**
 * What a scenario expects under a combination of strategies. One that is not named itself holds if any of
 * its parts does: strategies heal independently, unless one of them spoils it. `undefined` if nothing is known
 * of it.
 */
export function expectationFor(scenario: Expected, fix: string, avoid?: AvoidRule): string | undefined {
  const { spoiledBy = [] } = scenario;
  const expected = (avoid === "same-job" && scenario.ifSameJobAvoided?.expected) || scenario.expected;
  const named = (name: string) => (Object.hasOwn(expected, name) ? expected[name] : undefined);
  const of = (name: string) => named(name) ?? named("*");
  const own = named(fix) ?? (fix === RECOMMENDED ? "held" : undefined);
  if (own !== undefined) return own;
  const parts = fix.split("+");
  const spoiler = parts.find((part) => spoiledBy.includes(part));
  if (spoiler !== undefined) return of(spoiler);
  const each = parts.map(of);
  return each.includes("held") ? "held" : each[0];
}

/** What is left to expect where nobody can tell which loss it was. */
export function withoutLoss(expected: string): string {
  return expected.split(" ")[0] ?? expected;
}

/** `held`, `violated` (any loss) or `violated L1`. */
export function isAsExpected(verdict: Verdict, expected: string): boolean {
  const [is, loss] = expected.split(" ");
  if (verdict.is !== is) return false;
  return loss === undefined || (verdict.is === "violated" && verdict.loss === loss);
}
