import type { WireList } from "../../protocol/http.ts";
import { ApiFailure } from "./failures.ts";

const DEFAULT_LIMIT = 1_000;
const LARGEST_LIMIT = 10_000;

/** What a list can be ordered by. */
export type Orders<T> = Readonly<Record<string, (item: T) => string | number>>;

/**
 * One page of a list: `limit`, `next_token` (the offset of the next page), `order_by`, `order`. `orders`
 * names what the list can be ordered by; without `order_by` it keeps the order it has.
 */
export function page<T, W>(
  query: URLSearchParams,
  items: readonly T[],
  show: (item: T) => W,
  orders: Orders<T>,
): WireList<W> {
  const limit = whole(query, "limit", DEFAULT_LIMIT, 1, LARGEST_LIMIT);
  const offset = whole(query, "next_token", 0, 0, Number.MAX_SAFE_INTEGER);
  const ordered = inOrder(query, items, orders);
  const end = offset + limit;
  return {
    items: ordered.slice(offset, end).map(show),
    ...(end < ordered.length ? { next_token: String(end) } : {}),
  };
}

function inOrder<T>(query: URLSearchParams, items: readonly T[], orders: Orders<T>): readonly T[] {
  const order = query.get("order") ?? "asc";
  if (order !== "asc" && order !== "desc") {
    throw new ApiFailure("INVALID", `order: got "${order}", accepted are asc, desc`);
  }
  const orderBy = query.get("order_by");
  let sorted = items;
  if (orderBy !== null) {
    const key = Object.hasOwn(orders, orderBy) ? orders[orderBy] : undefined;
    if (key === undefined) {
      const accepted = Object.keys(orders).join(", ");
      throw new ApiFailure(
        "INVALID",
        `order_by: got "${orderBy}", ${accepted === "" ? "this list is in order of time only" : `accepted are ${accepted}`}`,
      );
    }
    sorted = items.toSorted((a, b) => compare(key(a), key(b)));
  }
  return order === "desc" ? sorted.toReversed() : sorted;
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function whole(query: URLSearchParams, name: string, fallback: number, min: number, max: number): number {
  const text = query.get(name);
  if (text === null || text === "") return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new ApiFailure(
      "INVALID",
      `${name}: got "${text}", accepted is a whole number from ${min} to ${max}`,
    );
  }
  return value;
}
