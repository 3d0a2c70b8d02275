/** One reason to refuse a pipeline. The message stands on its own; the caller prints the path before it. */
export interface PipelineProblem {
  /** From the pipeline's own root, e.g. `["pipeline", "processors", 0, "mapping"]`. */
  readonly path: readonly (string | number)[];
  /** In a mapping: where inside the text at `path`; both count from 1, columns in characters. */
  readonly at?: { readonly line: number; readonly column: number };
  /** What was seen, then what is supported. */
  readonly message: string;
}

/** Nobody reads more of them at once, and finding the places of thousands would take minutes. */
export const MOST_PROBLEMS = 50;
