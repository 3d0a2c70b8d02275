import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Database, Row, SqlValue } from "../ports/database.ts";

/** SQLite in a file, or in memory with `:memory:`. @throws when the file is not a database. */
export function openSqliteDatabase(path: string): Database {
  const database = new DatabaseSync(path);
  if (path !== ":memory:") {
    // WAL with NORMAL survives a kill of the process without an fsync per commit.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
  }
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      prepared.set(sql, statement);
    }
    return statement;
  };
  return {
    run: (sql: string, ...values: SqlValue[]) => ({ changes: Number(prepare(sql).run(...values).changes) }),
    // SQLite gives what the columns hold: text, numbers and null are all that is ever stored.
    get: (sql, ...values) => prepare(sql).get(...values) as Row | undefined,
    all: (sql, ...values) => prepare(sql).all(...values) as Row[],
    transaction: (work) => {
      prepare("BEGIN IMMEDIATE").run();
      try {
        const result = work();
        prepare("COMMIT").run();
        return result;
      } catch (error) {
        // A full disk, among others, makes SQLite roll back by itself; its reason is the one to be told.
        if (database.isTransaction) prepare("ROLLBACK").run();
        throw error;
      }
    },
    close: () => database.close(),
  };
}
