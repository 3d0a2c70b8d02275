import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteDatabase } from "../../../controlplane/adapters/sqlite-database.ts";
import type { Database } from "../../../controlplane/ports/database.ts";
import { NEVER, testContract, testThatEachCaseCanFail, type WrongAdapter } from "../contract.ts";
import { databaseContract, type DatabaseWorld } from "./database.contract.ts";

const KILLED = "what a killed process has committed is there for the next one, and nothing that it has not";

testContract("database", databaseContract, [
  { name: "SQLite in a file", open: openInFile },
  {
    name: "SQLite in memory",
    open: openInMemory,
    cannot: { [KILLED]: "memory goes with its process; the simulated machine keeps it open instead" },
  },
]);

testThatEachCaseCanFail("database", databaseContract, {
  "a value comes back as it was stored, whatever it looks like": wrong(
    "stores everything as text",
    (database) => ({
      run: (sql, ...values) => database.run(sql, ...values.map(String)),
    }),
  ),
  "run tells how many rows it changed": wrong("counts calls", (database) => ({
    run: (sql, ...values) => {
      database.run(sql, ...values);
      return { changes: 1 };
    },
  })),
  "get gives the first row, or nothing": wrong("gives an empty row for none", (database) => ({
    get: (sql, ...values) => database.get(sql, ...values) ?? {},
  })),
  "all gives every row in the order asked for, or none": wrong("sorts by itself", (database) => ({
    all: (sql, ...values) => database.all(sql, ...values).toReversed(),
  })),
  "a statement can be run again with other values": wrong("remembers answers by statement", (database) => {
    const answers = new Map<string, ReturnType<Database["get"]>>();
    return {
      get: (sql, ...values) => {
        if (!answers.has(sql)) answers.set(sql, database.get(sql, ...values));
        return answers.get(sql);
      },
    };
  }),
  "a transaction commits all, and returns what its work returns": wrong("forgets to commit", (database) => ({
    transaction: (work) => {
      database.run("BEGIN");
      const result = work();
      database.run("ROLLBACK");
      return result;
    },
  })),
  "a transaction whose work throws leaves nothing, and throws the same": wrong("has no transactions", () => ({
    transaction: (work) => work(),
  })),
  "after a failed transaction the next one works": wrong("leaves a failed transaction open", (database) => ({
    transaction: (work) => {
      database.run("BEGIN");
      const result = work();
      database.run("COMMIT");
      return result;
    },
  })),
  "a transaction within another is refused, and nothing of either is kept": wrong(
    "takes an inner transaction for a part of the outer one",
    (database) => {
      let isOpen = false;
      return {
        transaction: (work) => {
          if (isOpen) return work();
          isOpen = true;
          return database.transaction(work);
        },
      };
    },
  ),
  "what breaks a constraint is refused, naming it": wrong("ignores what is refused", (database) => ({
    run: (sql, ...values) => database.run(sql.replace(/^INSERT INTO/, "INSERT OR IGNORE INTO"), ...values),
  })),
  "a closed database refuses to be used": wrong("never closes", () => ({ close: () => {} })),
  [KILLED]: {
    does: "shows others what is not committed",
    open: () => {
      const world = openInMemory();
      return { ...world, reopen: () => world.database };
    },
  },
});

function openInFile(): DatabaseWorld {
  const folder = mkdtempSync(join(tmpdir(), "contract-database-"));
  const opened: Database[] = [];
  const open = (): Database => {
    const database = openSqliteDatabase(join(folder, "state.db"));
    opened.push(database);
    return database;
  };
  return {
    failed: NEVER,
    database: open(),
    reopen: open,
    [Symbol.asyncDispose]: () => {
      for (const database of opened) close(database);
      rmSync(folder, { recursive: true });
      return Promise.resolve();
    },
  };
}

function openInMemory(): DatabaseWorld {
  const database = openSqliteDatabase(":memory:");
  return {
    failed: NEVER,
    database,
    reopen: () => {
      throw new Error("memory cannot be opened again");
    },
    [Symbol.asyncDispose]: () => Promise.resolve(close(database)),
  };
}

/** The case may have closed it already. */
function close(database: Database): void {
  try {
    database.close();
  } catch (error) {
    if (!(error instanceof Error && error.message === "database is not open")) throw error;
  }
}

function wrong(does: string, twist: (database: Database) => Partial<Database>): WrongAdapter<DatabaseWorld> {
  return {
    does,
    open: () => {
      const world = openInMemory();
      return { ...world, database: { ...world.database, ...twist(world.database) } };
    },
  };
}
