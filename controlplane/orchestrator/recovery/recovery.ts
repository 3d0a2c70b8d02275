import type { Recovery } from "../contracts.ts";
import { block } from "./block.ts";
import { noRecovery } from "./none.ts";
import { pull } from "./pull.ts";
import { redispatch } from "./redispatch.ts";
import { resync } from "./resync.ts";
import { supersede } from "./supersede.ts";

/** What one strategy changes about a system that recovers nothing. */
export type Strategy = Partial<Omit<Recovery, "name">>;

/** By the names that `--fix` takes (spec 1-system, "Recovery strategies"). */
export const STRATEGIES: Readonly<Record<string, Strategy>> = {
  none: {},
  block,
  redispatch,
  pull,
  resync,
  supersede,
};

/** An alias for the combination that is expected to pass every scenario (spec 3-scenarios). */
export const RECOMMENDED = "resync+supersede";

/** `redispatch+pull`: both at once. Undefined if one of the names is unknown. */
export function combineStrategies(names: string): Recovery | undefined {
  const parts = (names === "recommended" ? RECOMMENDED : names)
    .split("+")
    .map((name) => (Object.hasOwn(STRATEGIES, name) ? STRATEGIES[name] : undefined));
  if (parts.includes(undefined)) return undefined;
  const redispatches = parts.map((part) => part?.redispatch).filter((own) => own !== undefined);
  return {
    ...noRecovery,
    // Each strategy only ever switches something on.
    ...Object.assign({}, ...parts),
    name: names,
    redispatch: (snapshot) => [...new Set(redispatches.flatMap((own) => own(snapshot)))],
  };
}
