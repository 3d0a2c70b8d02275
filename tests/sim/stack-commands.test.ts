import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../../harness/errors.ts";
import { aCommandWorld } from "./command-world.ts";
import { EXIT, exitCodeOfError } from "../../harness/cli/exit-code.ts";
import { addStackCommands, startsNothing } from "../../harness/cli/stack/commands.ts";

const folder = mkdtempSync(join(tmpdir(), "repro-by-hand-"));
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
    ["up", ["up", "--fix", "bock"], '--fix: there is no "bock" (did you mean "block"?)'],
    ["up", ["up", "--timing", "fsat"], '--timing: there is no profile "fsat" (did you mean "fast"?)'],
    ["up", ["up", "--system", "bundle"], '--system: got "bundle" (did you mean "bundled"?)'],
    ["recreate", ["recreate", "edge1", "--identity", "knew"], '--identity: got "knew" (did you mean "new"?)'],
    ["logs", ["logs", "--grep", "("], '--grep: "(" is neither a regular expression'],
    ["logs", ["logs", "--since", "yesterday"], '--since: got "yesterday", accepted is a duration'],
    ["ps", ["ps", "--format", "jsn"], '--format: got "jsn" (did you mean "json"?)'],
    [
      "deploy",
      ["deploy", "new-jop.yaml"],
      'cannot read the job file new-jop.yaml (did you mean "new-job.yaml"?): there is none, neither here nor in ' +
        "pipelines/; that has new-job.yaml, second-edge-job.yaml, ",
    ],
    ["deploy", ["deploy", folder], `cannot read the job file ${folder}: EISDIR`],
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

describe("the help", () => {
  it.each(COMMANDS)("of %s says with what it ends, no line wider than a plain terminal", async (command) => {
    const lines = (await help(command)).split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.join("\n")).toMatch(/^Exit codes: [^]*\b3 [^]*\b64 /m);
  });
});

it("an interruption of a command that starts nothing has nothing to remove", () => {
  expect(COMMANDS.filter((command) => !startsNothing([command]))).toEqual(["up"]);
  expect([[], ["run"], ["clean"], ["--timing"], ["toString"]].map(startsNothing)).toEqual(
    Array.from({ length: 5 }, () => false),
  );
});

/** As it is printed on a terminal of 80 columns. */
async function help(command: string): Promise<string> {
  let text = "";
  const output = { writeOut: (part: string) => void (text += part), getOutHelpWidth: () => 80 };
  const program = new Command("repro").enablePositionalOptions().exitOverride().configureOutput(output);
  addStackCommands(program, aCommandWorld(), () => {});
  await program.parseAsync([command, "--help"], { from: "user" }).catch((error: unknown) => {
    expect(error).toMatchObject({ exitCode: 0 });
  });
  return text;
}

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
