import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { removeLeftovers } from "../../harness/engines/docker/clean.ts";
import { findThings, removeThings } from "../../harness/engines/docker/stack/ours.ts";
import { startRepro } from "../command.ts";
import { noTerminal, openTerminal, type Terminal } from "../terminal.ts";
import { dockerOrSkip } from "./engine.ts";
import { countOf, NOTHING, thingsOf } from "./things.ts";

const PROMPT = /> $/;

const found = await dockerOrSkip();
const cannot = found === undefined || noTerminal() !== undefined;
let out = "";
let terminal: Terminal | undefined;
let pid = 0;

afterEach(async () => {
  terminal?.kill();
  await terminal?.ended;
  // A test that fails in the middle leaves nothing either.
  if (pid > 0) await removeThings(found!.docker, await thingsOf(found!.docker, pid));
  rmSync(out, { recursive: true, force: true });
});

describe.skipIf(cannot)("a walkthrough on containers", () => {
  it("explains the bug, looks around, says why blocking does not cure it, and removes everything", async () => {
    await begin();
    await answer("b");
    await answer("");
    await answer("i");
    for (let step = 2; step <= 6; step += 1) await answer(step === 3 ? "s" : "");
    await answer("block");
    await answer("q");
    await answer("");
    const { exitCode, shown } = await terminal!.ended;
    expect({ exitCode, shown }).toMatchObject({ exitCode: 0 });
    expect(shown).toContain("There is nothing before this.");
    expect(shown).toContain("  Every line of the last step that is understood");
    expect(shown).toMatch(/^VIOLATED, as expected under fix none +L1 void/m);
    expect(shown).toMatch(/^ +\d+\.\d+s +\|-+ run -+>\|\n +\| +X nobody listens: lost$/m);
    expect(shown).toMatch(/^VIOLATED, as expected under fix block/m);
    expect(shown).toContain("  ok      Nothing was refused in the whole run");
    expect(shown).toContain("  ok      After the return it was never sent again");
    expect(shown).not.toMatch(/^ +NOT SO/m);
    expect(shown.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(shown).toContain("Everything that was started is removed.");
    expect(await countOf(found!.docker, pid)).toEqual(NOTHING);
  });

  it("keeps the containers of somebody who leaves in the middle and wants to look around", async () => {
    await begin();
    for (const line of ["", "", "q", "k"]) await answer(line);
    const { exitCode, shown } = await terminal!.ended;
    expect({ exitCode, shown }).toMatchObject({ exitCode: 0 });
    const runId = /io\.expanso\.repro\.run=(\S+)/.exec(shown)?.[1] ?? "";
    expect(shown).toContain(`    pnpm repro cli --name ${runId} execution list`);
    // Its maker is gone, and still nobody takes it for a leftover.
    await removeLeftovers(found!.docker);
    const kept = await findThings(found!.docker, "run", runId);
    const states = await Promise.all(
      kept.containers.map(async ({ id }) => (await found!.docker.getContainer(id).inspect()).State.Running),
    );
    expect(states).toEqual([true, true, true, true]);
    expect(shown).toContain(`    pnpm repro down --name ${runId}`);
    expect(await startRepro(["down", "--name", runId]).ended).toMatchObject({ exitCode: 0 });
    const left = await findThings(found!.docker, "run", runId);
    expect([left.containers, left.networks, left.volumes]).toEqual([[], [], []]);
  });

  it("removes everything when its terminal is closed in the middle of a step", async () => {
    await begin();
    await answer("");
    await answer("");
    await terminal!.shows(/ deploy +test-job/);
    terminal!.kill();
    await terminal!.ended;
    await expect.poll(() => countOf(found!.docker, pid), { timeout: 60_000 }).toEqual(NOTHING);
  });

  it("removes everything at Ctrl-C, in the middle of a question", async () => {
    await begin();
    await answer("");
    await terminal!.shows(PROMPT);
    terminal!.interrupts();
    expect(await terminal!.ended).toMatchObject({ exitCode: 130 });
    expect(await countOf(found!.docker, pid)).toEqual(NOTHING);
  });
});

async function begin(): Promise<void> {
  out = mkdtempSync(join(tmpdir(), "repro-walkthrough-"));
  terminal = openTerminal(["walkthrough", "--engine", "docker", "--out", out]);
  await terminal.shows(/^1\. Start/m);
  pid = terminal.commandPid();
}

async function answer(line: string): Promise<void> {
  await terminal!.shows(PROMPT);
  terminal!.types(line);
}
