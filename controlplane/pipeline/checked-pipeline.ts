import type { Mapping } from "./bloblang/ast.ts";

/** A pipeline that can be started. Plain data: one check serves any number of starts. */
export interface CheckedPipeline {
  readonly generate: {
    /** Messages until the pipeline finishes; 0 = it never does. */
    readonly count: number;
    /** 0 = as fast as possible. */
    readonly intervalMs: number;
    readonly mapping: Mapping;
  };
  readonly processors: readonly Mapping[];
  readonly output: Output;
}

export type Output = { readonly kind: "stdout" } | { readonly kind: "drop" };
