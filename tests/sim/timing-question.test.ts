import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { matrixCommand } from "../../harness/cli/matrix-command.ts";
import { oneOfEachLoss } from "../../harness/matrix/one-of-each-loss.ts";
import { scenarios } from "../../scenarios/index.ts";
import { aCommandWorld, aReportFolder } from "./command-world.ts";

const PAGE = fileURLToPath(new URL("../../docs/timing.md", import.meta.url));

it("docs/timing.md gives the answer that the simulation gives, and the command that finds it", async () => {
  const page = readFileSync(PAGE, "utf8");
  const command = /^pnpm repro (?<args>matrix .*)$/m.exec(page)?.groups?.["args"]?.split(" ") ?? [];
  const valueOf = (option: string) => command[command.indexOf(option) + 1] ?? "";
  const only = command.slice(command.indexOf("--only") + 1);
  expect(only).toEqual(oneOfEachLoss(scenarios).map(({ id }) => id));

  const world = aCommandWorld();
  const code = await matrixCommand(
    {
      engine: valueOf("--engine"),
      fix: valueOf("--fix"),
      timing: valueOf("--timing"),
      only,
      seed: "1",
      format: "text",
      out: aReportFolder(),
    },
    world,
  );
  expect(code).toBe(0);
  const { out } = world.said;
  const answer = out.slice(out.findIndex((line) => line.startsWith("Is reevaluationBatch=15s the culprit")));
  expect(page).toContain(`\n\`\`\`text\n${answer.slice(0, answer.indexOf("")).join("\n")}\n\`\`\`\n`);
}, 60_000);
