/** The text is not a mapping of our subset. `at` is an offset into it. */
export class MappingSyntaxError extends Error {
  override readonly name = "MappingSyntaxError";
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** The mapping is well formed, but this message cannot be mapped with it. */
export class MappingError extends Error {
  override readonly name = "MappingError";
}
