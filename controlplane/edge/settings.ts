/** Everything about an edge that can be set. */
export interface EdgeSettings {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Where to ask for an identity; without it the edge gives itself one. */
  readonly bootstrapUrl?: string | undefined;
  readonly bootstrapToken?: string | undefined;
}
