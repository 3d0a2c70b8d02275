import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
  closeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { findThings, removeThings } from "../../harness/engines/docker/stack/ours.ts";
import { BINARIES } from "../../harness/systems/expanso/binaries.ts";
import type { Result } from "../../harness/report/result.ts";
import { startRepro, type Command } from "../command.ts";
import { aRunId, dockerOrSkip, REPOSITORY } from "./engine.ts";
import { countOf, NOTHING, thingsOf } from "./things.ts";

/** `repro --system expanso`, with this repository's own control plane as somebody's build: three Linux programs. */
const found = await dockerOrSkip();
const checkout = mkdtempSync(join(tmpdir(), "repro-checkout-"));
const bin = join(checkout, "bin");
let command: Command | undefined;
const stacks: string[] = [];

beforeAll(async () => {
  if (found === undefined) return;
  await execa(process.execPath, ["scripts/package-binaries.ts", bin], { cwd: REPOSITORY });
}, 300_000);
afterEach(async () => {
  // A test that fails in the middle leaves nothing either.
  command?.signal("SIGKILL");
  await command?.ended;
  await removeThings(found!.docker, await thingsOf(found!.docker, command?.pid ?? 0));
  for (const name of stacks.splice(0))
    await removeThings(found!.docker, await findThings(found!.docker, "run", name));
});
afterAll(() => rmSync(checkout, { recursive: true }));

describe.skipIf(found === undefined)("a build of somebody's own, in a checkout", { timeout: 300_000 }, () => {
  it("gives the verdicts of the bundled one, with the same proof", async () => {
    const { exitCode, results, said } = await run(
      checkout,
      "deploy-in-disconnect-window",
      "deploy-all-connected",
      "restart-with-wiped-disk",
    );
    const outcomes = results.map(({ system, scenario, verdict, loss, proof, invariants }) => ({
      outcome: [system, scenario, verdict, loss, proof?.proven ?? null],
      unchecked: invariants.filter(({ held }) => held === null).map(({ id }) => id),
    }));
    expect(outcomes, `it said: ${said}`).toEqual([
      { outcome: ["expanso", "deploy-in-disconnect-window", "violated", "L1", true], unchecked: [] },
      { outcome: ["expanso", "deploy-all-connected", "held", null, null], unchecked: [] },
      { outcome: ["expanso", "restart-with-wiped-disk", "violated", "L7", true], unchecked: [] },
    ]);
    expect(exitCode).toBe(0);
  });

  it("takes a fix that is in it", async () => {
    const { exitCode, results, said } = await run(
      checkout,
      "deploy-in-disconnect-window",
      "--fix",
      "redispatch",
    );
    expect({ exitCode, verdict: results[0]?.verdict }, `it said: ${said}`).toEqual({
      exitCode: 0,
      verdict: "held",
    });
  });

  it("stands by hand, and later commands need none of its programs", async () => {
    const name = aRunId();
    stacks.push(name);
    const typed = async (words: readonly string[], env: Readonly<Record<string, string>> = {}) => {
      command = startRepro([...words, "--name", name], env);
      const { exitCode, stdout, stderr } = await command.ended;
      expect(exitCode, `${words.join(" ")} said: ${stdout}${stderr}`).toBe(0);
      return stdout + stderr;
    };
    const up = await typed(["up", "--system", "expanso"], { EXPANSO_REPO: checkout });
    expect(up).toMatch(/^\S+ {3}docker .* · system expanso · 2 edges/m);
    await typed(["deploy", "test-job.yaml"]);
    await typed(["kill", "edges"]);
    await typed(["deploy", "new-job.yaml"]);
    expect(await typed(["recreate", "edges"])).toContain("HANDSHAKE: Node handshake completed");
    command = startRepro(["logs", "orchestrator", "--follow", "--grep", "stuck-detected", "--name", name]);
    await command.prints(/STUCK EXECUTIONS DETECTED/);
    command.signal("SIGINT");
    await command.ended;
    expect(await typed(["ps"])).toMatch(/^\S+ {3}system expanso · 2 edges [^]* edge1 +running .* connected/m);
    command = startRepro(["up", "--name", name, "--system", "bundled"]);
    expect(await command.ended).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining("is of another shape: system expanso, not bundled"),
    });
    await typed(["down"]);
  });

  it("for another architecture is refused with what mends it, and nothing is started", async () => {
    const other = join(checkout, "other");
    mkdirSync(join(other, "bin"), { recursive: true });
    for (const name of BINARIES) copyFileSync(join(bin, name), join(other, "bin", name));
    const own = machineOf(join(bin, "expanso-edge"));
    setMachine(join(other, "bin", "expanso-edge"), own === AMD64 ? ARM64 : AMD64);
    const { exitCode, said } = await run(other, "deploy-all-connected");
    const [theirs, ours] = own === AMD64 ? ["arm64", "amd64"] : ["amd64", "arm64"];
    expect(said).toMatch(
      new RegExp(
        `repro: the Linux program \\S+/bin/expanso-edge: it is for ${theirs}, and the engine is ${ours}\n` +
          `  mend: build it for Linux \\(in Go: GOOS=linux GOARCH=${ours}\\), and put it there\n`,
      ),
    );
    expect(exitCode).toBe(3);
  });
});

async function run(repo: string, ...words: readonly string[]) {
  const out = mkdtempSync(join(checkout, "out-"));
  command = startRepro(
    [
      ...words,
      "--system",
      "expanso",
      "--engine",
      "docker",
      "--timing",
      "fast",
      "--out",
      out,
      "--format",
      "json",
    ],
    { EXPANSO_REPO: repo },
  );
  const { exitCode, stdout, stderr } = await command.ended;
  expect(await countOf(found!.docker, command.pid)).toEqual(NOTHING);
  const results = stdout === "" ? [] : ([JSON.parse(stdout)].flat() as Result[]);
  return { exitCode, results, said: stdout + stderr };
}

const AMD64 = 0x3e;
const ARM64 = 0xb7;
/** Where an ELF file says what it is for. */
const MACHINE_AT = 18;

function machineOf(path: string): number {
  return readFileSync(path).readUInt16LE(MACHINE_AT);
}

function setMachine(path: string, machine: number): void {
  const file = openSync(path, "r+");
  writeSync(file, Buffer.from([machine, 0]), 0, 2, MACHINE_AT);
  closeSync(file);
}
