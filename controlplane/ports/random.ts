/** Where chance comes from: the system in a container, a seeded stream in simulation. */
export interface Random {
  /** A version-4 UUID in lower case. */
  uuid(): string;
  /** Uniform in [0, 1). */
  fraction(): number;
}
