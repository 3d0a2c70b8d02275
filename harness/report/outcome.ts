import type { Result } from "./result.ts";

/** `held`, `violated L1`, `unknown`: as expectations are written. */
export function outcomeOf({ verdict, loss }: Pick<Result, "verdict" | "loss">): string {
  return loss === null ? verdict : `${verdict} ${loss}`;
}
