import { expect } from "vitest";
import type { Database } from "../../../controlplane/ports/database.ts";
import type { ContractCase, ContractWorld } from "../contract.ts";

export interface DatabaseWorld extends ContractWorld {
  readonly database: Database;
  /** The process that used it is killed, without closing it, and another one opens it. */
  readonly reopen: () => Database;
}

export const databaseContract: readonly ContractCase<DatabaseWorld>[] = [
  {
    name: "a value comes back as it was stored, whatever it looks like",
    run: ({ database }) => {
      const values = [
        "",
        `it's "quoted"; DROP TABLE things; -- ?`,
        "grüße · 日本語 · 👩‍🚀\n",
        0,
        -1.5,
        Number.MAX_SAFE_INTEGER,
        1_767_225_600_000,
        null,
      ];
      database.run("CREATE TABLE things (value)");
      for (const value of values) database.run("INSERT INTO things VALUES (?)", value);
      expect(database.all("SELECT value FROM things ORDER BY rowid").map(({ value }) => value)).toEqual(
        values,
      );
    },
  },
  {
    name: "run tells how many rows it changed",
    run: ({ database }) => {
      withThings(database, "a", "b", "c");
      expect(database.run("UPDATE things SET value = 'x' WHERE value <> ?", "a")).toEqual({ changes: 2 });
      expect(database.run("DELETE FROM things WHERE value = ?", "missing")).toEqual({ changes: 0 });
    },
  },
  {
    name: "get gives the first row, or nothing",
    run: ({ database }) => {
      withThings(database, "a", "b");
      expect(database.get("SELECT value FROM things ORDER BY value DESC")).toEqual({ value: "b" });
      expect(database.get("SELECT value FROM things WHERE value = ?", "missing")).toBeUndefined();
    },
  },
  {
    name: "all gives every row in the order asked for, or none",
    run: ({ database }) => {
      withThings(database, "b", "c", "a");
      expect(database.all("SELECT value FROM things ORDER BY value")).toEqual([
        { value: "a" },
        { value: "b" },
        { value: "c" },
      ]);
      expect(database.all("SELECT value FROM things WHERE value = ?", "missing")).toEqual([]);
    },
  },
  {
    name: "a statement can be run again with other values",
    run: ({ database }) => {
      withThings(database, "a", "b");
      const find = (value: string) => database.get("SELECT value FROM things WHERE value = ?", value);
      expect([find("a"), find("b"), find("missing"), find("a")]).toEqual([
        { value: "a" },
        { value: "b" },
        undefined,
        { value: "a" },
      ]);
    },
  },
  {
    name: "a transaction commits all, and returns what its work returns",
    run: ({ database }) => {
      withThings(database);
      const result = database.transaction(() => {
        database.run("INSERT INTO things VALUES ('a')");
        database.run("INSERT INTO things VALUES ('b')");
        return database.all("SELECT value FROM things").length;
      });
      expect(result).toBe(2);
      expect(valuesOf(database)).toEqual(["a", "b"]);
    },
  },
  {
    name: "a transaction whose work throws leaves nothing, and throws the same",
    run: ({ database }) => {
      withThings(database, "before");
      const failure = new Error("on purpose");
      expect(() =>
        database.transaction(() => {
          database.run("INSERT INTO things VALUES ('lost')");
          throw failure;
        }),
      ).toThrow(failure);
      expect(valuesOf(database)).toEqual(["before"]);
    },
  },
  {
    name: "after a failed transaction the next one works",
    run: ({ database }) => {
      withThings(database);
      expect(() =>
        database.transaction(() => {
          throw new Error("on purpose");
        }),
      ).toThrow("on purpose");
      expect(() => database.transaction(() => database.run("INSERT INTO things VALUES ('a')"))).not.toThrow();
      expect(valuesOf(database)).toEqual(["a"]);
    },
  },
  {
    name: "a transaction within another is refused, and nothing of either is kept",
    run: ({ database }) => {
      withThings(database);
      expect(() =>
        database.transaction(() => {
          database.run("INSERT INTO things VALUES ('outer')");
          database.transaction(() => database.run("INSERT INTO things VALUES ('inner')"));
        }),
      ).toThrow(/within a transaction/);
      expect(valuesOf(database)).toEqual([]);
    },
  },
  {
    name: "what breaks a constraint is refused, naming it",
    run: ({ database }) => {
      database.run("CREATE TABLE things (value TEXT UNIQUE)");
      database.run("INSERT INTO things VALUES ('a')");
      expect(() => database.run("INSERT INTO things VALUES ('a')")).toThrow(/UNIQUE.*things\.value/);
      expect(valuesOf(database)).toEqual(["a"]);
    },
  },
  {
    name: "a closed database refuses to be used",
    run: ({ database }) => {
      withThings(database);
      database.close();
      expect(() => database.get("SELECT 1")).toThrow(/not open|finalized/);
    },
  },
  {
    name: "what a killed process has committed is there for the next one, and nothing that it has not",
    run: ({ database, reopen }) => {
      withThings(database, "committed");
      const next = database.transaction(() => {
        database.run("INSERT INTO things VALUES ('not committed')");
        return valuesOf(reopen());
      });
      expect(next).toEqual(["committed"]);
    },
  },
];

function withThings(database: Database, ...values: readonly string[]): void {
  database.run("CREATE TABLE things (value TEXT)");
  for (const value of values) database.run("INSERT INTO things VALUES (?)", value);
}

function valuesOf(database: Database): unknown[] {
  return database.all("SELECT value FROM things ORDER BY rowid").map(({ value }) => value);
}
