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
import { removeThings } from "../../harness/engines/docker/stack/ours.ts";
import { BINARIES } from "../../harness/systems/expanso/binaries.ts";
import type { Result } from "../../harness/report/result.ts";
import { startRepro, type Command } from "../command.ts";
import { dockerOrSkip, REPOSITORY } from "./engine.ts";
import { countOf, NOTHING, thingsOf } from "./things.ts";

/** `repro --system expanso`, with this repository's own control plane as somebody's build: three Linux programs. */
const found = await dockerOrSkip();
const checkout = mkdtempSync(join(tmpdir(), "repro-checkout-"));
const bin = join(checkout, "bin");
let command: Command | undefined;

beforeAll(async () => {
  if (found === undefined) return;
  await execa(process.execPath, ["scripts/package-binaries.ts", bin], { cwd: REPOSITORY });
}, 300_000);
afterEach(async () => {
  // A test that fails in the middle leaves nothing either.
  command?.signal("SIGKILL");
  await command?.ended;
  await removeThings(found!.docker, await thingsOf(found!.docker, command?.pid ?? 0));
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
