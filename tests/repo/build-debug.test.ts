import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";

/** What `./build-debug.sh` says before it builds anything; `tests/docker/compose.test.ts` builds with it. */
const SCRIPT = fileURLToPath(new URL("../../build-debug.sh", import.meta.url));

describe("build-debug.sh", () => {
  it("tells with --help what it builds, and what not yet", () => {
    const { status, stdout } = run(["--help"]);
    expect(status).toBe(0);
    for (const word of [
      "expanso-orchestrator:debug",
      "expanso-edge:debug",
      "EXPANSO_REPO",
      "./repro.ts images",
    ])
      expect(stdout).toContain(word);
  });

  it("knows nothing else", () => {
    expect(run(["--fast"])).toMatchObject({
      status: 64,
      stderr: 'build-debug.sh: got "--fast", accepted is nothing but --help\n',
    });
  });

  it("does not build this control plane for somebody who asks for their own", () => {
    const { status, stderr } = run([], { EXPANSO_REPO: "../expanso" });
    expect(status).toBe(64);
    expect(stderr).toMatch(/^build-debug\.sh: EXPANSO_REPO=\.\.\/expanso: .* cannot be built yet$/m);
    expect(stderr).toMatch(/without it, \.\/build-debug\.sh builds the control plane in this repository/);
  });

  it("nor for somebody who has put binaries into ./bin", () => {
    const folder = mkdtempSync(join(tmpdir(), "repro-build-debug-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    cpSync(SCRIPT, join(folder, "build-debug.sh"));
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin", "expanso-edge"), "");
    const { status, stderr } = run([], {}, join(folder, "build-debug.sh"));
    expect(status).toBe(64);
    expect(stderr).toMatch(/^build-debug\.sh: bin\/expanso-edge: .* cannot be built yet$/m);
  });
});

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}, script = SCRIPT) {
  return spawnSync(script, args, { encoding: "utf8", env: { ...process.env, ...env } });
}
