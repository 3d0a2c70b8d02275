import { describe, expect, it } from "vitest";
import { startRepro } from "../../tests/command.ts";
import type { Finding } from "../doctor/finding.ts";

const NOWHERE = { DOCKER_HOST: "unix:///nonexistent.sock" };

describe("repro doctor", { timeout: 60_000 }, () => {
  it.concurrent(
    "ends with 3 when an engine is configured and does not answer, and says what mends it",
    async () => {
      const { exitCode, stdout, stderr } = await startRepro(["doctor"], NOWHERE).ended;
      expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: "" });
      expect(stdout).toMatch(
        /^broken  engine {10}the engine at \/nonexistent\.sock, from DOCKER_HOST: no such socket$/m,
      );
      expect(stdout).toMatch(
        /^ {24}mend  start that engine, or look where engines usually are: unset DOCKER_HOST$/m,
      );
      expect(stdout.trimEnd()).toMatch(/, 1 broken: first mend what is broken$/);
    },
  );

  it.concurrent("says the same to programs", async () => {
    const { exitCode, stdout } = await startRepro(["doctor", "--format", "json"], NOWHERE).ended;
    expect(exitCode).toBe(3);
    const { findings, broken } = JSON.parse(stdout) as { findings: Finding[]; broken: number };
    expect(broken).toBe(1);
    expect(findings.find(({ id }) => id === "runtime")?.verdict).toBe("ok");
    expect(findings.at(-1)).toEqual({
      id: "engine",
      asks: "Does a Docker engine answer?",
      why: expect.stringMatching(/simulated/),
      verdict: "broken",
      seen: "the engine at /nonexistent.sock, from DOCKER_HOST: no such socket",
      mend: "start that engine, or look where engines usually are: unset DOCKER_HOST",
    });
  });

  it.concurrent("ends with 0 for simulations, whatever the engine", async () => {
    const { exitCode, stdout } = await startRepro(["doctor", "--engine", "sim", "--verbose"], NOWHERE).ended;
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain("nonexistent");
    expect(stdout).toMatch(
      /^ok {6}packages {8}all \d+, as package\.json has them\n {24}asked Is everything/m,
    );
    expect(stdout.trimEnd()).toMatch(/, 0 broken: nothing prevents a run$/);
  });

  it.concurrent.each([
    [
      "--engine",
      "dcker",
      'repro: --engine: got "dcker" (did you mean "docker"?); accepted are auto, docker, sim\n',
    ],
    ["--format", "jsn", 'repro: --format: got "jsn" (did you mean "json"?); accepted are text, json\n'],
  ])("ends with 64 for a misspelt %s", async (option, word, stderr) => {
    expect(await startRepro(["doctor", option, word]).ended).toMatchObject({
      exitCode: 64,
      stdout: "",
      stderr,
    });
  });

  it.concurrent("has a help that tells the exit codes", async () => {
    const { exitCode, stdout } = await startRepro(["doctor", "--help"]).ended;
    expect(exitCode).toBe(0);
    expect([...stdout.matchAll(/^  (\d+) /gm)].map(([, code]) => Number(code))).toEqual([0, 3, 64]);
  });
});
