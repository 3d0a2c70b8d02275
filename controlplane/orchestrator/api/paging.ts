import type { Context } from "hono";
import type { WireList } from "../../protocol/http.ts";
import { ApiFailure } from "./failures.ts";

const DEFAULT_LIMIT = 1_000;
const LARGEST_LIMIT = 10_000;

/**
 * One page of a list: `limit`, `next_token` (the offset of the next page), `order_by`, `order`. `orders`
 * names what the list can be ordered by; without `order_by` it keeps the order it has.
 */
export function page<T, W>(
  context: Context,
  items: readonly T[],
  show: (item: T) => W,
  orders: Readonly<Record<string, (item: T) => string | number>>,
): WireList<W> {
  const limit = whole(context, "limit", DEFAULT_LIMIT, 1, LARGEST_LIMIT);
  const offset = whole(context, "next_token", 0, 0, Number.MAX_SAFE_INTEGER);
  const ordered = inOrder(context, items, orders);
  const end = offset + limit;
  return {
    items: ordered.slice(offset, end).map(show),
    ...(end < ordered.length ? { next_token: String(end) } : {}),
  };
}

function inOrder<T>(
  context: Context,
  items: readonly T[],
  orders: Readonly<Record<string, (item: T) => string | number>>,
): readonly T[] {
  const order = context.req.query("order") ?? "asc";
  if (order !== "asc" && order !== "desc") {
    throw new ApiFailure("INVALID", `order: got "${order}", accepted are asc, desc`);
  }
  const orderBy = context.req.query("order_by");
  let sorted = items;
  if (orderBy !== undefined) {
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

function whole(context: Context, name: string, fallback: number, min: number, max: number): number {
  const text = context.req.query(name);
  if (text === undefined || text === "") return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new ApiFailure(
      "INVALID",
      `${name}: got "${text}", accepted is a whole number from ${min} to ${max}`,
    );
  }
  return value;
}
