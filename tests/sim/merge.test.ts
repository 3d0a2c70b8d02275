import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { matrixCommand } from "../../harness/cli/matrix-command.ts";
import { mergeCommand } from "../../harness/cli/merge-command.ts";
import { UsageError } from "../../harness/errors.ts";
import type { Scenario } from "../../harness/index.ts";
import { scenarios } from "../../scenarios/index.ts";
import { aCommandWorld, aReportFolder } from "./command-world.ts";

const ROWS = ["deploy-in-disconnect-window", "deploy-all-connected"];
const SHARDS = ["1/2", "2/2"];

describe("repro merge", { timeout: 120_000 }, () => {
  it("shows the shards of two rounds as the one table that they are", async () => {
    const reports = aReportFolder();
    for (const seed of ["1", "2"])
      for (const shard of SHARDS) await matrix({ shard, seed, out: join(reports, `${seed}-${shard[0]}`) });
    const { code, out, folder } = merge([reports]);
    expect(code).toBe(0);
    expect(out.slice(1, 4)).toEqual([
      "simulation · default         none  pull",
      "deploy-in-disconnect-window  V L1  H",
      "deploy-all-connected         H     H",
    ]);
    expect(out).toContainEqual(expect.stringContaining("simulation: 8 of 8 runs of 4 cells as expected"));
    const { cells, unexpected } = JSON.parse(readFileSync(join(folder, "matrix.json"), "utf8")) as {
      readonly cells: readonly unknown[];
      readonly unexpected: number;
    };
    expect({ cells: cells.length, unexpected }).toEqual({ cells: 8, unexpected: 0 });
    expect(readFileSync(join(folder, "matrix.md"), "utf8")).toContain(
      "| deploy-in-disconnect-window | V L1 | H |",
    );
  });

  it("does not pass for the whole where a part is missing", async () => {
    const reports = aReportFolder();
    await matrix({ shard: "1/2", out: join(reports, "1") });
    const { code, out } = merge([reports]);
    // It had a whole column, so that the table alone does not show it.
    expect(code).toBe(2);
    expect(out).toContain("no report of shard 2 of 2, simulation, seed 1");
  });

  it("does not pass for the whole where a part was interrupted", async () => {
    const reports = aReportFolder();
    await matrix({ out: join(reports, "1") });
    const file = join(reports, "1", "matrix.json");
    const report = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, JSON.stringify({ ...report, interrupted: 3 }));
    const { code, out } = merge([reports]);
    expect(code).toBe(2);
    expect(out).toContain(`3 not run, interrupted: ${join(reports, "1")}`);
  });

  it("ends as the runs did, and hands on the text for an issue that a surprise has left", async () => {
    const reports = aReportFolder();
    const wrong: Scenario = { ...scenarios[0]!, expected: { none: "held", "*": "held" } };
    expect(await matrix({ out: join(reports, "only") }, [wrong, scenarios[1]!])).toBe(1);
    const cell = join(reports, "only", "cells", "deploy-in-disconnect-window-default-none");
    writeFileSync(join(cell, "issue.md"), "# Ready to paste\n");
    const { code, out } = merge([join(reports, "only")], "markdown");
    expect(code).toBe(1);
    expect(out).toContain(`  report: \`${cell}\``);
    expect(out).toContain("  # Ready to paste");
  });

  it("says which folder or file is wrong, and what to do", () => {
    const folder = aReportFolder();
    expect(errorOf([folder])).toBe(
      `${folder}: there is no matrix.json in it; \`repro matrix --out ${folder}\` writes one`,
    );
    writeFileSync(join(folder, "notes.txt"), "");
    expect(errorOf([join(folder, "notes.txt")])).toBe(
      `${folder}/notes.txt: is a file, accepted is the folder that it lies in: ${folder}`,
    );
    for (const [text, says] of [
      ["{", /matrix\.json: .*JSON/],
      ['{"cells":[{}],"wallMs":1}', /matrix\.json: cells\.0\.scenario: /],
    ] as const) {
      mkdirSync(join(folder, "part"), { recursive: true });
      writeFileSync(join(folder, "part", "matrix.json"), text);
      expect(errorOf([folder])).toMatch(says);
    }
  });
});

async function matrix(
  flags: { readonly shard?: string; readonly seed?: string; readonly out: string },
  catalogue?: readonly Scenario[],
): Promise<number> {
  const world = aCommandWorld(catalogue === undefined ? {} : { scenarios: catalogue });
  const asked = { engine: "sim", seed: "1", format: "json", only: ROWS, fix: "none,pull", timing: "default" };
  return await matrixCommand({ ...asked, ...flags }, world);
}

function merge(folders: readonly string[], format = "text") {
  const folder = aReportFolder();
  const world = aCommandWorld();
  const code = mergeCommand(folders, { format, out: folder }, world);
  return { code, out: world.said.out, folder };
}

function errorOf(folders: readonly string[]): string {
  try {
    merge(folders);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error("it took them");
}
