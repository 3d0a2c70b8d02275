import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // The usual, one core less than there are, would leave the second of two idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "controlplane/**/*.test.ts",
            "harness/**/*.test.ts",
            "tests/{repo,sim,contract,sabotage,fuzz}/**/*.test.ts",
          ],
          // A busy machine is no defect; what hangs still fails.
          testTimeout: 30_000,
        },
      },
      {
        // They share one engine, and two cores start containers no faster than one (spec 5-quality).
        test: {
          name: "docker",
          include: ["tests/docker/**/*.test.ts"],
          fileParallelism: false,
          // Where a file's tests wait most of their time, and say so, two run side by side, as `repro matrix` does it.
          maxConcurrency: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
    reporters: ["default", "./tests/count-reporter.ts"],
  },
});
