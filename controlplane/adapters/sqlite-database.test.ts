import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Database } from "../ports/database.ts";
import { openSqliteDatabase } from "./sqlite-database.ts";

function aDatabase(path = ":memory:"): Database {
  const database = openSqliteDatabase(path);
  database.run("CREATE TABLE IF NOT EXISTS t (id TEXT PRIMARY KEY, n REAL)");
  return database;
}

function aFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "sqlite-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "state.db");
}

const ids = (database: Database) => database.all("SELECT id FROM t ORDER BY id").map((row) => row["id"]);

describe("a statement", () => {
  it("tells how many rows it changed", () => {
    const database = aDatabase();
    const insert = (id: string) => database.run("INSERT INTO t (id, n) VALUES (?, ?)", id, 1);
    expect([insert("a"), insert("b")]).toEqual([{ changes: 1 }, { changes: 1 }]);
    expect(database.run("UPDATE t SET n = 2")).toEqual({ changes: 2 });
    expect(database.run("DELETE FROM t WHERE id = ?", "z")).toEqual({ changes: 0 });
  });

  it("gives the first row, every row, or none", () => {
    const database = aDatabase();
    expect(database.get("SELECT * FROM t")).toBeUndefined();
    expect(database.all("SELECT * FROM t")).toEqual([]);
    database.run("INSERT INTO t (id, n) VALUES (?, ?), (?, ?)", "a", 1.5, "b", null);
    expect({ ...database.get("SELECT * FROM t ORDER BY id") }).toEqual({ id: "a", n: 1.5 });
    expect(database.all("SELECT * FROM t ORDER BY id").map((row) => ({ ...row }))).toEqual([
      { id: "a", n: 1.5 },
      { id: "b", n: null },
    ]);
  });

  it("keeps every millisecond of a time", () => {
    const database = aDatabase();
    const ms = 1_770_091_506_007;
    database.run("INSERT INTO t (id, n) VALUES ('a', ?)", ms);
    expect(database.get("SELECT n FROM t")?.["n"]).toBe(ms);
  });
});

describe("a transaction", () => {
  it("commits all that was written, and gives back what the work gave", () => {
    const database = aDatabase();
    const given = database.transaction(() => {
      database.run("INSERT INTO t (id) VALUES ('a')");
      database.run("INSERT INTO t (id) VALUES ('b')");
      return 42;
    });
    expect([given, ids(database)]).toEqual([42, ["a", "b"]]);
  });

  it("commits nothing when the work throws, and hands on what it threw", () => {
    const database = aDatabase();
    const failure = new Error("no");
    const work = () => {
      database.run("INSERT INTO t (id) VALUES ('a')");
      throw failure;
    };
    expect(() => database.transaction(work)).toThrow(failure);
    expect(ids(database)).toEqual([]);
    database.transaction(() => database.run("INSERT INTO t (id) VALUES ('b')"));
    expect(ids(database)).toEqual(["b"]);
  });

  it("that SQLite itself has rolled back still tells why", () => {
    const database = aDatabase();
    database.run("INSERT INTO t (id) VALUES ('a')");
    const work = () => {
      database.run("INSERT INTO t (id) VALUES ('b')");
      database.run("INSERT OR ROLLBACK INTO t (id) VALUES ('a')");
    };
    expect(() => database.transaction(work)).toThrow("UNIQUE constraint failed: t.id");
    expect(ids(database)).toEqual(["a"]);
    database.transaction(() => database.run("INSERT INTO t (id) VALUES ('c')"));
    expect(ids(database)).toEqual(["a", "c"]);
  });
});

describe("a file", () => {
  it("keeps what was committed", () => {
    const path = aFile();
    const first = aDatabase(path);
    first.run("INSERT INTO t (id) VALUES ('a')");
    first.close();
    const second = aDatabase(path);
    onTestFinished(() => second.close());
    expect(ids(second)).toEqual(["a"]);
  });

  it("keeps what was committed though nobody closed it, as after a kill", () => {
    const path = aFile();
    const killed = aDatabase(path);
    onTestFinished(() => killed.close());
    killed.run("INSERT INTO t (id) VALUES ('a')");
    const next = aDatabase(path);
    onTestFinished(() => next.close());
    expect(ids(next)).toEqual(["a"]);
  });

  it("that is no database is refused", () => {
    const path = aFile();
    writeFileSync(path, "this is a text, and long enough to be seen as one".repeat(100));
    expect(() => aDatabase(path)).toThrow("file is not a database");
  });
});
