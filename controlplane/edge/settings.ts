/** Everything about an edge that can be set. */
export interface EdgeSettings {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Where the message broker is; unless told, where the orchestrator says it is. */
  readonly natsUrl?: string | undefined;
  /** Where to ask for an identity; without it the edge gives itself one, and has no credentials. */
  readonly bootstrapUrl?: string | undefined;
  readonly bootstrapToken?: string | undefined;
}
