/**
 * Who may do what: secrets, and what they prove. Real cryptography in a container; in simulation something that
 * is told apart as surely, and costs nothing.
 */
export interface Credentials {
  /** A new secret of a cluster, as text for a file. */
  createSecret(): string;
  /** A new key of a client of the message broker. */
  createKey(): UserKey;
  /** @throws ClusterSecretError if it is not what `createSecret` makes. */
  openCluster(secret: string): ClusterKey;
}

/** A client of the message broker makes its key itself; only the public half ever leaves it. */
export interface UserKey {
  readonly publicKey: string;
  readonly seed: string;
}

/** All that follows from the one secret of a cluster. */
export interface ClusterKey {
  /** Tells clusters apart; no secret. */
  readonly clusterId: string;
  /** What the HTTP API is asked with. */
  readonly apiKey: string;
  /** Proves that a text was written by somebody who has the key. */
  seal(text: string): string;
  /** Lets the holder of a key into the message broker: the JWT that it has to show there. */
  admit(user: {
    readonly publicKey: string;
    readonly name: string;
    readonly permissions: Permissions;
  }): string;
  /** What the message broker's configuration has to include; nothing in it is secret. */
  brokerConfig(): string;
}

/** Subjects, with `*` and `>` as in subscriptions. */
export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** What a client shows to the message broker. */
export interface BrokerCredentials {
  readonly jwt: string;
  /** Of the key that the JWT is for. It signs what the broker asks for, and is never sent. */
  readonly seed: string;
}

/** A file that should hold the secret of a cluster holds something else. */
export class ClusterSecretError extends Error {
  override readonly name = "ClusterSecretError";
}
