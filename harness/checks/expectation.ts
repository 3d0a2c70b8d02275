import type { Verdict } from "./verdict.ts";

/**
 * What a scenario expects under a combination of strategies. One that is not named itself holds if any of
 * its parts does: strategies heal independently. `undefined` if nothing is known of it.
 */
export function expectationFor(expected: Readonly<Record<string, string>>, fix: string): string | undefined {
  const of = (name: string) => (Object.hasOwn(expected, name) ? expected[name] : undefined);
  const own = of(fix);
  if (own !== undefined) return own;
  const parts = fix.split("+").map(of);
  if (parts.includes("held")) return "held";
  return parts[0];
}

/** `held`, `violated` (any loss) or `violated L1`. */
export function isAsExpected(verdict: Verdict, expected: string): boolean {
  const [is, loss] = expected.split(" ");
  if (verdict.is !== is) return false;
  return loss === undefined || (verdict.is === "violated" && verdict.loss === loss);
}
