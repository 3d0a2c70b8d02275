import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { removeThings } from "../../harness/engines/docker/stack/ours.ts";
import { startRepro } from "../command.ts";
import { dockerOrSkip } from "./engine.ts";
import { putForeign } from "./foreign.ts";
import { isSomething, killAfter, type Killed, leftBy, NOTHING_LEFT } from "./killing.ts";
import { thingsOf } from "./things.ts";

const KILLS = 6;

const found = await dockerOrSkip();
const out = mkdtempSync(join(tmpdir(), "repro-killed-"));
const killed: Killed[] = [];

afterAll(async () => {
  rmSync(out, { recursive: true, force: true });
  // A test that fails in the middle leaves nothing either.
  for (const { pid } of killed) await removeThings(found!.docker, await thingsOf(found!.docker, pid));
});

describe.skipIf(found === undefined)("a harness that is killed, whenever that is", () => {
  it("leaves what `repro clean` removes, and nothing else is touched", { timeout: 600_000 }, async () => {
    const { docker } = found!;
    await using foreign = await putForeign(found!);
    const args = ["deploy-in-disconnect-window", "--engine", "docker", "--timing", "fast", "--out", out];
    const startedAt = performance.now();
    expect(await startRepro(args).ended).toMatchObject({ exitCode: 0 });
    const wholeMs = performance.now() - startedAt;

    for (let kill = 0; kill < KILLS; kill += 1) {
      killed.push(await killAfter(docker, { args, env: {}, afterMs: (wholeMs * (kill + 0.5)) / KILLS }));
      // The next one removes what the last one left; every third time by hand.
      if (kill % 3 === 2) await cleanUp();
      expect(await foreign.harm()).toEqual([]);
    }
    // Else nothing was tried.
    expect(killed.filter(({ left }) => isSomething(left)).length).toBeGreaterThanOrEqual(KILLS / 2);

    async function cleanUp(): Promise<void> {
      const cleaned = await startRepro(["clean"]).ended;
      expect(cleaned, `it said: ${cleaned.stderr}`).toMatchObject({ exitCode: 0, stderr: "" });
      for (const { pid } of killed) expect(await leftBy(docker, pid)).toEqual(NOTHING_LEFT);
    }
  });
});
