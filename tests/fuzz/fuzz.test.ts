import { expect, it } from "vitest";
import { fuzz, KINDS } from "./campaign.ts";
import { jobFilesOfRepository } from "./job-files-of-repository.ts";

/** What must have come out among others, or nothing got past the first check. */
const DEEP = {
  requests: ["200", "201", "400", "404", "409", "413"],
  messages: [
    "EDGE: Received RunExecutionRequest",
    "EDGE: Malformed command ignored",
    "HANDSHAKE: Node handshake completed",
    "HANDSHAKE: Malformed request refused",
    "INVENTORY: Compared",
    "STATUS: Execution state changed",
    "too large for the broker",
  ],
  "job-files": ["a job", "refused with its place"],
} as const;

// What is wrong here takes minutes; what is right, a fraction of a second.
const JOB_FILES = { jobFiles: jobFilesOfRepository(), limitMs: 5_000 };

// Another seed would find other things, but not the same ones tomorrow: `node bench/fuzz.ts` goes further.
it.each(KINDS)("no %s of any kind breaks anything", { timeout: 120_000 }, async (kind) => {
  const report = await fuzz(kind, { runs: 1_000, seed: 395, ...JOB_FILES });
  expect(report.failure).toBeUndefined();
  expect(report.runs).toBe(1_000);
  expect([...report.outcomes.keys()]).toEqual(expect.arrayContaining([...DEEP[kind]]));
});

it("is the same again with the same seed", async () => {
  const runs = [1, 2].map(() => fuzz("messages", { runs: 200, seed: 7, ...JOB_FILES }));
  const [first, second] = await Promise.all(runs);
  expect([...first!.outcomes]).toEqual([...second!.outcomes]);
});
