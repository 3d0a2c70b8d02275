/** A word, value or sign of a mapping. `at` is its offset. */
export type Token = { readonly at: number } & (
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "sign"; readonly text: string }
  | { readonly kind: "newline" }
  | { readonly kind: "end" }
  /** Nothing that a mapping can hold; the last token, because what follows it means nothing. */
  | { readonly kind: "bad"; readonly message: string }
);
