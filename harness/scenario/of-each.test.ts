import { describe, expect, it } from "vitest";
import type { FaultProof } from "../engines/engine.ts";
import { EnvironmentError, UsageError } from "../errors.ts";
import { doToEach, sayOfEach } from "./of-each.ts";

const done = (seen: string): FaultProof => ({ bit: true, seen });
const not = (seen: string): FaultProof => ({ bit: false, seen });

it.each([
  ["once, where it is the same of all", [done("paused"), done("paused")], "paused"],
  ["each, where all went well", [done("a gone"), done("b gone")], "a gone; b gone"],
  ["once, where it failed alike on all", [not("still there"), not("still there")], "still there"],
  [
    "machine by machine, where it failed on one: that one first",
    [done("a gone"), not("b is still there"), done("c gone")],
    "edge2 not: b is still there; edge1 done: a gone; edge3 done: c gone",
  ],
])("what was seen is told %s", (_how, proofs, told) => {
  expect(sayOfEach(["edge1", "edge2", "edge3"], proofs)).toBe(told);
});

describe("what is thrown for one machine", () => {
  const full = new EnvironmentError({ wanted: "kill edge1", seen: "no space left", mend: "make room" });

  it("is told with what has become of the others, which are waited for", async () => {
    let isOver = false;
    const work = doToEach("kill", ["edge1", "edge2"], async (name) => {
      if (name === "edge1") throw full;
      await new Promise((resolve) => setImmediate(resolve));
      isOver = true;
      return done("b gone");
    });
    await expect(work).rejects.toMatchObject({
      name: "EnvironmentError",
      message: "kill edge1, edge2: edge1 not: kill edge1: no space left; edge2 done: b gone",
      mend: "make room",
      cause: full,
    });
    expect(isOver).toBe(true);
  });

  it("is wrong usage where it was no more than that", async () => {
    const work = doToEach("restart", ["edge1", "edge2"], async (name) => {
      if (name === "edge1") throw new UsageError("edge1 is cut off: heal it before it is restarted");
      return done("started again");
    });
    await expect(work).rejects.toThrow(
      new UsageError(
        "restart edge1, edge2: edge1 not: edge1 is cut off: heal it before it is restarted; edge2 done: started again",
      ),
    );
  });

  it("stays as it is where there is only that one, or where it is a defect", async () => {
    await expect(doToEach("kill", ["edge1"], () => Promise.reject(full))).rejects.toBe(full);
    const defect = new TypeError("x");
    const work = doToEach("kill", ["edge1", "edge2"], (name) =>
      name === "edge1" ? Promise.reject(defect) : Promise.resolve(done("b gone")),
    );
    await expect(work).rejects.toBe(defect);
    const both = doToEach("kill", ["edge1", "edge2"], (name) =>
      Promise.reject(name === "edge1" ? full : defect),
    );
    await expect(both).rejects.toBe(defect);
  });
});
