import type { ClusterShape } from "../systems/system.ts";
import { sayTiming } from "../timing/say-timing.ts";

/** What of a shape somebody has asked for; the rest is as it comes, or as it is. */
export type ShapeWanted = { readonly [K in keyof ClusterShape]?: ClusterShape[K] | undefined };

/** For people: what it is. */
export function sayShape({ edges, timing, fix, avoid, published }: ClusterShape): string {
  return [
    published ? "a cloud" : `${edges} edge${edges === 1 ? "" : "s"}`,
    `timing ${sayTiming(timing)}`,
    `fix ${fix}`,
    ...(avoid === undefined ? [] : [`avoid ${avoid}`]),
  ].join(" · ");
}

/** In what a stack is not what was asked for; empty if it is. */
export function differences(stands: ClusterShape, wanted: ShapeWanted): readonly string[] {
  const told = (shape: ShapeWanted) => ({
    edges: shape.edges,
    timing: shape.timing && sayTiming(shape.timing),
    fix: shape.fix,
    avoid: shape.avoid,
    published: shape.published && "a cloud",
  });
  const is = told(stands);
  return Object.entries(told(wanted))
    .filter(([part, value]) => value !== undefined && value !== is[part as keyof typeof is])
    .map(([part, value]) => `${part} ${is[part as keyof typeof is] ?? "as it comes"}, not ${value}`);
}
