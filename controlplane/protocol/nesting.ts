/** Whether lists and objects stand inside each other more often than that. Never runs out of stack itself. */
export function isNestedDeeperThan(value: unknown, levels: number): boolean {
  let level: readonly unknown[] = [value].filter(isNest);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === levels) return true;
    level = level.flatMap((nest) => Object.values(nest as object).filter(isNest));
  }
  return false;
}

function isNest(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
