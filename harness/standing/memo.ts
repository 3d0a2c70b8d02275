import { z } from "zod";
import type { ClusterShape } from "../systems/system.ts";
import { KNOBS, type Knob } from "../timing/profile.ts";

/** What is kept with a stack, so that any shell and any clone can work out its machines again. */
export interface Memo {
  readonly system: string;
  readonly shape: ClusterShape;
}

const ms = z.number().positive();
const memo = z.object({
  system: z.string(),
  edges: z.number().int().min(0),
  timing: z.object(Object.fromEntries(KNOBS.map((knob) => [knob, ms])) as Record<Knob, typeof ms>),
  fix: z.string(),
  avoid: z.enum(["any-job", "same-job"]).optional(),
  published: z.boolean().optional(),
});

export function writeMemo({ system, shape: { edges, timing, fix, avoid, published } }: Memo): string {
  return JSON.stringify({
    system,
    edges,
    timing,
    fix,
    ...(avoid && { avoid }),
    ...(published && { published }),
  });
}

/** Undefined for what another version of this program has written, or nobody. */
export function readMemo(text: string | undefined): Memo | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
  const parsed = memo.safeParse(json);
  if (!parsed.success) return undefined;
  const { system, edges, timing, fix, avoid, published } = parsed.data;
  return {
    system,
    shape: { edges, timing, fix, ...(avoid && { avoid }), ...(published && { published }) },
  };
}
