import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { startRepro } from "../command.ts";
import { noTerminal, openTerminal, type Terminal } from "../terminal.ts";
import { aReportFolder } from "./command-world.ts";

const PROMPT = /> $/;
const terminals: Terminal[] = [];

afterEach(async () => {
  for (const terminal of terminals.splice(0)) {
    terminal.kill();
    await terminal.ended;
  }
});

describe.skipIf(noTerminal() !== undefined)("a walkthrough in a terminal", { timeout: 60_000 }, () => {
  it("goes by Enter alone from nothing to the bug, to why blocking does not cure it, to what does", async () => {
    const { terminal, out } = open();
    // Six steps, then block, then redispatch, then enough.
    for (let answers = 0; answers < 9; answers += 1) await answer(terminal, "");
    const { exitCode, shown } = await terminal.ended;
    expect(exitCode).toBe(0);
    expectInOrder(shown, [
      "deploy-in-disconnect-window",
      "1. Start nats, orchestrator, edge1, edge2",
      "2. Deploy a working job",
      "3. Kill the edges",
      "  ok      The orchestrator still believes every one of them connected.",
      "4. Deploy a NEW job while the edges are dead",
      "PUBLISH: connection_exists=true connection_alive=true",
      "  ok      No error was raised, so there is nothing that anybody could retry.",
      "5. Bring the edges back",
      "6. Check the new job",
      "RECONCILER: STUCK EXECUTIONS DETECTED",
      "new-test-job    edge1  running  pending <--",
      "prove     by hand: the run request of",
      "SIMULATED VIOLATED, as expected under fix none   L1 void",
      "X nobody listens: lost",
      "Enter: block",
      "Again, under fix block",
      "SIMULATED VIOLATED, as expected under fix block",
      "  ok      Nothing was refused in the whole run",
      "Enter: redispatch",
      "SIMULATED HELD, as expected under fix redispatch",
      "  redispatch  held         held",
      "Enter: enough",
    ]);
    expect(shown).not.toMatch(/^ +NOT SO/m);
    expect(existsSync(join(out, "none", "result.json"))).toBe(true);
    expect(existsSync(join(out, "redispatch", "result.json"))).toBe(true);
  });

  it("shows on request what is behind it, skips, and goes back", async () => {
    const { terminal } = open();
    await answer(terminal, "");
    await answer(terminal, "i");
    await answer(terminal, "s");
    await answer(terminal, "b");
    await answer(terminal, "q");
    const { exitCode, shown } = await terminal.ended;
    expect(exitCode).toBe(0);
    expectInOrder(shown, [
      "quit > i",
      "  Every line of the last step that is understood",
      "  orchestrator: 2026-01-01T00:00:00.469Z INFO  API: Listening port=9010",
      "    The orchestrator takes questions.",
      "quit > s",
      "see       test-heartbeat runs on edge1, edge2",
      "3. Kill the edges",
      "quit > b",
      "Back: the same seed again, up to step 2.",
      "2. Deploy a working job",
      "quit > q",
    ]);
    // The one that was skipped was not explained.
    expect(shown).not.toContain("The job runs on every node.");
    expect(shown).not.toContain("VIOLATED");
  });

  it("fits into 60 columns, and has no colour where none is wanted", async () => {
    const { terminal } = open({ columns: 60 });
    for (let answers = 0; answers < 7; answers += 1) await answer(terminal, answers === 3 ? "i" : "");
    await answer(terminal, "q");
    const { shown } = await terminal.ended;
    expect(shown).toContain("SIMULATED VIOLATED");
    expect(shown.split("\n").filter((line) => line.length > 60)).toEqual([]);
    expect(terminal.raw()).not.toContain(BOLD);
  });

  it("has colour in a terminal", async () => {
    const { terminal } = open({ colour: true });
    await answer(terminal, "q");
    await terminal.ended;
    expect(terminal.raw()).toContain(BOLD);
  });

  it("is what `repro` alone is in a terminal", async () => {
    const terminal = remember(openTerminal([], { env: { DOCKER_HOST: "tcp://127.0.0.1:1" } }));
    const { exitCode, shown } = await terminal.ended;
    // An engine that is configured and does not answer is an error: so far it came, and no container was started.
    expect(exitCode).toBe(3);
    expect(shown).toContain("DOCKER_HOST");
    expect(shown).not.toContain("claim   ");
  });

  it("ends with 130 at Ctrl-C, in the middle of a question", async () => {
    const { terminal } = open();
    await answer(terminal, "");
    await terminal.shows(PROMPT);
    terminal.interrupts();
    const { exitCode, shown } = await terminal.ended;
    expect(exitCode).toBe(130);
    expect(shown).toContain("repro: interrupted by SIGINT");
    // On a line of its own, not behind the question.
    expect(shown).not.toMatch(/> \S*repro:/);
  });

  it("ends where the input does", async () => {
    const { terminal } = open();
    await answer(terminal, "");
    await terminal.shows(PROMPT);
    terminal.hangsUp();
    expect(await terminal.ended).toMatchObject({ exitCode: 0 });
  });

  function open(options: { readonly columns?: number; readonly colour?: boolean } = {}) {
    const out = aReportFolder();
    return {
      out,
      terminal: remember(openTerminal(["walkthrough", "--engine", "sim", "--out", out], options)),
    };
  }
});

describe("a walkthrough without a terminal", { timeout: 60_000 }, () => {
  it("plays itself through with --yes, plainly", async () => {
    const out = aReportFolder();
    const command = startRepro(["walkthrough", "--engine", "sim", "--yes", "--out", out]);
    const { exitCode, stdout, stderr } = await command.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("SIMULATED HELD, as expected under fix redispatch");
    expect(stdout).not.toMatch(/\r|quit >/);
    expect(stripVTControlCharacters(stdout)).toBe(stdout);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(readFileSync(join(out, "block", "result.json"), "utf8")).toContain('"L1"');
  });

  it("says that nobody can be asked, where nobody can", async () => {
    expect(await startRepro(["walkthrough", "--engine", "sim"]).ended).toMatchObject({
      exitCode: 64,
      stdout: "",
      stderr:
        "repro: walkthrough: there is no terminal to ask in; --yes plays it through as a plain transcript\n",
    });
  });

  it("takes one scenario, and one that there is", async () => {
    expect(await startRepro(["walkthrough", "all", "--yes"]).ended).toMatchObject({
      exitCode: 64,
      stderr: "repro: walkthrough: one scenario at a time; `repro list` shows them\n",
    });
    expect(await startRepro(["walkthrough", "deploy-all-conected", "--yes"]).ended).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining('did you mean "deploy-all-connected"?'),
    });
  });
});

const BOLD = "\u001b[1m";

function remember(terminal: Terminal): Terminal {
  terminals.push(terminal);
  return terminal;
}

async function answer(terminal: Terminal, line: string): Promise<void> {
  await terminal.shows(PROMPT);
  terminal.types(line);
}

function expectInOrder(shown: string, texts: readonly string[]): void {
  let from = 0;
  for (const text of texts) {
    const at = shown.indexOf(text, from);
    expect(at, `"${text}" after what came before it, in\n${shown}`).toBeGreaterThanOrEqual(from);
    from = at + text.length;
  }
}
