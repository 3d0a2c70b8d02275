import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { startRepro } from "../command.ts";
import { copyOfSources, SOURCES } from "../copy-of-sources.ts";

const BREAK = "redispatch: when a job is updated, not when a node joins";
const UNREADABLE = "  unreadable\n";

it("`git bisect run` finds the commit that broke a fix, past one that cannot be judged", async () => {
  const history = await aHistory();
  await history.commit("everything works");
  const good = await history.head();
  await history.commit("a comment", { "repro.ts": (text) => `${text}// nothing\n` });
  await history.commit("another comment", { "repro.ts": (text) => `${text}// nothing either\n` });
  // In the middle, where the bisection begins.
  await history.commit("a job file that nobody can read", {
    "pipelines/new-job.yaml": (text) => `${text}${UNREADABLE}`,
  });
  await history.commit("readable again", {
    "pipelines/new-job.yaml": (text) => text.replace(UNREADABLE, ""),
  });
  await history.commit(BREAK, {
    "controlplane/orchestrator/recovery/redispatch.ts": (text) =>
      text.replace('trigger !== "node-join"', 'trigger !== "job-update"'),
  });
  await history.commit("a last comment", { "repro.ts": (text) => `${text}// still nothing\n` });

  await history.git("bisect", "start", "HEAD", good);
  const out = join(history.folder, ".repro", "bisect");
  const command = [
    process.execPath,
    "repro.ts",
    "--engine",
    "sim",
    "--timing",
    "fast",
    "--fix",
    "redispatch",
  ];
  const { stdout } = await history.git("bisect", "run", ...command, "--out", out, "--bisect");

  expect(stdout).toMatch(/^[0-9a-f]{40} is the first bad commit$/m);
  const { stdout: found } = await history.git("log", "-1", "--format=%s", "refs/bisect/bad");
  expect(found).toBe(BREAK);
  const { stdout: log } = await history.git("bisect", "log");
  // Where nothing could be judged, nothing is held against the commit.
  expect(log).toContain("git bisect skip");
}, 120_000);

it("what is no verdict skips a commit, whatever it is", { timeout: 60_000 }, async () => {
  const noOption = await startRepro(["--no-such-option", "--bisect"]).ended;
  const noEngine = await startRepro(["--bisect"], { DOCKER_HOST: "unix:///nonexistent.sock" }).ended;
  expect([noOption.exitCode, noEngine.exitCode]).toEqual([125, 125]);
});

/** A repository of its own with the sources of this one, in which commits can be made. */
async function aHistory() {
  const folder = copyOfSources();
  const run = execa({ cwd: folder, env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" } });
  const git = (...args: string[]) => run("git", args);
  await git("init", "--quiet");
  await git("config", "user.name", "test");
  await git("config", "user.email", "test@example.invalid");
  return {
    folder,
    git,
    head: async () => (await git("rev-parse", "HEAD")).stdout,
    commit: async (message: string, edits: Readonly<Record<string, (text: string) => string>> = {}) => {
      for (const [file, edit] of Object.entries(edits)) {
        const before = readFileSync(join(folder, file), "utf8");
        const after = edit(before);
        // An edit that no longer fits the sources would make a history without the break.
        expect([file, after]).not.toEqual([file, before]);
        writeFileSync(join(folder, file), after);
      }
      await git("add", "--", ...SOURCES);
      await git("commit", "--quiet", "--message", message);
    },
  };
}
