import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../../harness/errors.ts";
import { aCommandWorld } from "./command-world.ts";
import { EXIT, exitCodeOfError } from "../../harness/cli/exit-code.ts";
import { addStackCommands, startsNothing } from "../../harness/cli/stack/commands.ts";

const folder = mkdtempSync(join(tmpdir(), "repro-by-hand-"));
const badJob = join(folder, "bad.yaml");
writeFileSync(badJob, "name: x\ntype: pipelin\n");
afterAll(() => rmSync(folder, { recursive: true }));

const COMMANDS = [
  "up",
  "deploy",
  "kill",
  "recreate",
  "cut",
  "heal",
  "pause",
  "resume",
  "restart",
  "cli",
  "logs",
  "ps",
  "down",
];

describe("wrong usage is told before any engine is asked", () => {
  it.each([
    ["up", ["up", "--name", "My Stack"], '--name: got "My Stack", accepted are'],
    ["up", ["up", "--edges", "0"], '--edges: got "0", accepted is a whole number from 1 to 50'],
    ["up", ["up", "--fix", "bock"], '--fix: there is no "bock", did you mean "block"?'],
    ["up", ["up", "--timing", "fsat"], '--timing: there is no profile "fsat", did you mean "fast"?'],
    ["up", ["up", "--system", "bundle"], '--system: got "bundle", did you mean "bundled"?'],
    ["recreate", ["recreate", "edge1", "--identity", "knew"], '--identity: got "knew", did you mean "new"?'],
    ["logs", ["logs", "--grep", "("], '--grep: "(" is neither a regular expression'],
    ["logs", ["logs", "--since", "yesterday"], '--since: got "yesterday", accepted is a duration'],
    ["ps", ["ps", "--format", "jsn"], '--format: got "jsn", did you mean "json"?'],
    ["deploy", ["deploy", badJob], `${badJob}:2:1: type: expected a job type`],
    ["deploy", ["deploy", "nowhere.yaml"], "cannot read the job file nowhere.yaml: ENOENT"],
  ])("by %s", async (_command, argv, message) => {
    const failure = await run(argv).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as UsageError).message).toContain(message);
    expect(exitCodeOfError(failure)).toBe(EXIT.usage);
  });

  it.each(COMMANDS)("%s has nothing to go on with in a simulation, and says so", async (command) => {
    const words = ["deploy", "kill", "recreate", "cut", "heal", "pause", "resume", "restart"];
    const argument = command === "deploy" ? ["test-job.yaml"] : words.includes(command) ? ["edge1"] : [];
    await expect(run([command, "--engine", "sim", ...argument])).rejects.toThrow(
      "--engine sim: a simulation ends with its command, and leaves no stack to go on with",
    );
  });
});

it("an interruption of a command that starts nothing has nothing to remove", () => {
  expect(COMMANDS.filter((command) => !startsNothing([command]))).toEqual(["up"]);
  expect([[], ["run"], ["clean"], ["--timing"], ["toString"]].map(startsNothing)).toEqual(
    Array.from({ length: 5 }, () => false),
  );
});

/** In this process; resolves with the exit code. */
async function run(argv: readonly string[]): Promise<number | undefined> {
  let exitCode: number | undefined;
  const program = new Command("repro").enablePositionalOptions().exitOverride();
  addStackCommands(program, aCommandWorld(), (code) => {
    exitCode = code;
  });
  await program.parseAsync([...argv], { from: "user" });
  return exitCode;
}
