import type { Database, SqlValue } from "../../ports/database.ts";

export interface EntityTable<T> {
  readonly get: (id: string) => T | undefined;
  /** In order of creation. */
  where(condition: string, ...values: SqlValue[]): T[];
  insert(entity: T): void;
  update(entity: T): void;
  remove(id: string): void;
  /** How many there are in each state. */
  counts(): Record<string, number>;
  /** After a rollback what was read or written may not be what is stored. */
  forget(): void;
}

/**
 * One kind of entity, kept as JSON beside the columns it is looked up by. What was read or written stays
 * in memory, so that a look at a job with thousands of executions does not parse them all anew.
 */
export function createEntityTable<T extends { readonly id: string }>(
  database: Database,
  table: string,
  columns: (entity: T) => Readonly<Record<string, SqlValue>>,
): EntityTable<T> {
  const known = new Map<string, T>();
  const get = (id: string): T | undefined => {
    const seen = known.get(id);
    if (seen !== undefined) return seen;
    const row = database.get(`SELECT doc FROM ${table} WHERE id = ?`, id);
    if (row === undefined) return undefined;
    // Written by `columnsOf` below, in the transaction that is now committed.
    const entity = JSON.parse(String(row["doc"])) as T;
    known.set(id, entity);
    return entity;
  };
  const columnsOf = (entity: T) => ({ ...columns(entity), doc: JSON.stringify(entity) });
  return {
    get,
    where: (condition, ...values) =>
      // The documents are in memory more often than not, so that only ids need to be read.
      database
        .all(`SELECT id FROM ${table} WHERE ${condition} ORDER BY rowid`, ...values)
        .map((row) => get(String(row["id"])))
        .filter((entity) => entity !== undefined),
    insert: (entity) => {
      const values = { id: entity.id, ...columnsOf(entity) };
      const names = Object.keys(values);
      database.run(
        `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
        ...Object.values(values),
      );
      known.set(entity.id, entity);
    },
    update: (entity) => {
      const values = columnsOf(entity);
      const assignments = Object.keys(values).map((name) => `${name} = ?`);
      database.run(
        `UPDATE ${table} SET ${assignments.join(", ")} WHERE id = ?`,
        ...Object.values(values),
        entity.id,
      );
      known.set(entity.id, entity);
    },
    remove: (id) => {
      database.run(`DELETE FROM ${table} WHERE id = ?`, id);
      known.delete(id);
    },
    counts: () =>
      Object.fromEntries(
        database
          .all(`SELECT state, count(*) AS n FROM ${table} GROUP BY state ORDER BY state`)
          .map((row) => [String(row["state"]), Number(row["n"])]),
      ),
    forget: () => known.clear(),
  };
}
