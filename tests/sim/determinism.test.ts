import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Result } from "../../harness/report/result.ts";
import { scenarios } from "../../scenarios/index.ts";
import { startRepro } from "../command.ts";

/** Far apart in time, in how they write numbers and dates, and in what the upper case of an `i` is. */
const PLACES = [
  { TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" },
  { TZ: "America/St_Johns", LANG: "C", LC_ALL: "C" },
] as const;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe("the same seeds in two processes, far apart", () => {
  it.each([
    ["default", [1, 2, 3, 4, 5], scenarios.map(({ id }) => id)],
    // The 24 hours that follow a violated claim are a million events in this timing.
    ["fast", [6], scenarios.map(({ id }) => id)],
  ] as const)(
    "give the same runs to the byte, in %s timing",
    { timeout: 300_000 },
    async (timing, seeds, ids) => {
      const [here, there] = await Promise.all(PLACES.map((place) => runsIn(place, { timing, seeds, ids })));
      expect([...here!.keys()].toSorted()).toEqual(
        ids.flatMap((id) => seeds.map((seed) => `${id} ${seed}`)).toSorted(),
      );
      expect(there).toEqual(here);
      // Another seed is another run.
      for (const id of ids) {
        const timelines = seeds.map((seed) => here!.get(`${id} ${seed}`)?.["timeline.jsonl"]);
        expect(new Set(timelines).size).toBe(seeds.length);
      }
    },
  );
});

/** A fingerprint of every file of every run that is to be the same, by scenario and seed. */
async function runsIn(
  place: (typeof PLACES)[number],
  {
    timing,
    seeds,
    ids,
  }: { readonly timing: string; readonly seeds: readonly number[]; readonly ids: readonly string[] },
): Promise<Map<string, Record<string, string>>> {
  const out = mkdtempSync(join(tmpdir(), "repro-determinism-"));
  folders.push(out);
  const options = ["--engine", "sim", "--timing", timing, "--out", out];
  const { exitCode, stderr } = await startRepro(
    [...ids, "--seed", String(seeds[0]), "--repeat", String(seeds.length), ...options],
    place,
  ).ended;
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  return new Map(
    readdirSync(out).map((run) => {
      const folder = join(out, run);
      const result = JSON.parse(readFileSync(join(folder, "result.json"), "utf8")) as Result;
      expect(result).toMatchObject({ simulated: true, asExpected: true });
      const logs = readdirSync(join(folder, "logs")).map((name) => `logs/${name}`);
      const files = ["timeline.jsonl", ...logs.toSorted()];
      return [
        `${result.scenario} ${result.seed}`,
        Object.fromEntries(files.map((file) => [file, fingerprint(join(folder, file))])),
      ];
    }),
  );
}

function fingerprint(file: string): string {
  const text = readFileSync(file);
  expect(text.length).toBeGreaterThan(0);
  return createHash("sha256").update(text).digest("hex");
}
