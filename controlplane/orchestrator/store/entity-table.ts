import type { Database, SqlValue } from "../../ports/database.ts";

export interface EntityTable<T> {
  readonly get: (id: string) => T | undefined;
  /** All of them, in order of creation; the same array until one of them changes. */
  readonly all: () => readonly T[];
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

type Columns = Readonly<Record<string, SqlValue>>;

/**
 * One kind of entity, kept as JSON beside the columns it is looked up by. What was read or written stays
 * in memory, so that a look at a job with thousands of executions does not parse them all anew.
 *
 * `fixed` columns are written once: an update that named them would have SQLite write their indexes again.
 */
export function createEntityTable<T extends { readonly id: string }>(
  database: Database,
  table: string,
  columns: { readonly fixed?: (entity: T) => Columns; readonly changing: (entity: T) => Columns },
): EntityTable<T> {
  const known = new Map<string, T>();
  /** Then `known` is in order of creation. */
  let isAllKnown = false;
  let all: readonly T[] | undefined;
  // Built once: a text is the key under which its statement stays prepared.
  const getText = `SELECT doc FROM ${table} WHERE id = ?`;
  let insertText: string | undefined;
  let updateText: string | undefined;

  const read = (doc: SqlValue | undefined): T =>
    // Written by `changing` below, in the transaction that is now committed.
    JSON.parse(String(doc)) as T;
  const get = (id: string): T | undefined => {
    const seen = known.get(id);
    if (seen !== undefined || isAllKnown) return seen;
    const row = database.get(getText, id);
    if (row === undefined) return undefined;
    const entity = read(row["doc"]);
    known.set(id, entity);
    return entity;
  };
  const learnAll = (): void => {
    const rows = database.all(`SELECT id, doc FROM ${table} ORDER BY rowid`);
    const entities = rows.map((row) => known.get(String(row["id"])) ?? read(row["doc"]));
    known.clear();
    for (const entity of entities) known.set(entity.id, entity);
    isAllKnown = true;
  };
  const changing = (entity: T): Columns => ({ ...columns.changing(entity), doc: JSON.stringify(entity) });
  return {
    get,
    all: () => {
      if (!isAllKnown) learnAll();
      all ??= [...known.values()];
      return all;
    },
    where: (condition, ...values) =>
      // The documents are in memory more often than not, so that only ids need to be read.
      database
        .all(`SELECT id FROM ${table} WHERE ${condition} ORDER BY rowid`, ...values)
        .map((row) => get(String(row["id"])))
        .filter((entity) => entity !== undefined),
    insert: (entity) => {
      const values = { id: entity.id, ...columns.fixed?.(entity), ...changing(entity) };
      insertText ??= insertOf(table, values);
      database.run(insertText, ...Object.values(values));
      known.set(entity.id, entity);
      all = undefined;
    },
    update: (entity) => {
      const values = changing(entity);
      updateText ??= updateOf(table, values);
      database.run(updateText, ...Object.values(values), entity.id);
      known.set(entity.id, entity);
      all = undefined;
    },
    remove: (id) => {
      database.run(`DELETE FROM ${table} WHERE id = ?`, id);
      known.delete(id);
      all = undefined;
    },
    counts: () =>
      Object.fromEntries(
        database
          .all(`SELECT state, count(*) AS n FROM ${table} GROUP BY state ORDER BY state`)
          .map((row) => [String(row["state"]), Number(row["n"])]),
      ),
    forget: () => {
      known.clear();
      isAllKnown = false;
      all = undefined;
    },
  };
}

function insertOf(table: string, values: Columns): string {
  const names = Object.keys(values);
  return `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
}

function updateOf(table: string, values: Columns): string {
  const assignments = Object.keys(values).map((name) => `${name} = ?`);
  return `UPDATE ${table} SET ${assignments.join(", ")} WHERE id = ?`;
}
