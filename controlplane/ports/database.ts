/** What SQLite stores and gives back. */
export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, SqlValue>>;

/** A SQLite database: a file in a container, memory in simulation. All calls are synchronous. */
export interface Database {
  /** Runs one statement; tells how many rows it changed. */
  run(sql: string, ...values: SqlValue[]): { readonly changes: number };
  /** The first row, if any. */
  get(sql: string, ...values: SqlValue[]): Row | undefined;
  /** Every row. */
  all(sql: string, ...values: SqlValue[]): Row[];
  /** Commits all that `work` wrote, or nothing of it if it throws. Must not be nested. */
  transaction<T>(work: () => T): T;
  close(): void;
}
