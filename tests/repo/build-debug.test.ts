import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";

/** What `./build-debug.sh` says before it builds anything; `tests/docker/compose.test.ts` builds with it. */
const SCRIPT = fileURLToPath(new URL("../../build-debug.sh", import.meta.url));

describe("build-debug.sh", () => {
  it("tells with --help what it builds, and of what", () => {
    const { status, stdout } = run(["--help"]);
    expect(status).toBe(0);
    for (const word of [
      "expanso-orchestrator:debug",
      "expanso-edge:debug",
      "EXPANSO_REPO",
      "./bin",
      "./repro.ts images --system expanso",
    ])
      expect(stdout).toContain(word);
  });

  it("knows nothing else", () => {
    expect(run(["--fast"])).toMatchObject({
      status: 64,
      stderr: 'build-debug.sh: got "--fast", accepted is nothing but --help\n',
    });
  });

  it("builds the control plane in this repository", () => {
    expect(build()).toEqual({
      status: 0,
      said: "build-debug.sh: images of the control plane in this repository",
      asked: "images --system bundled",
    });
    expect(build({ env: { EXPANSO_REPO: "" } }).asked).toBe("images --system bundled");
  });

  it.each(["orchestrator", "edge", "cli"])(
    "but never for somebody who has put programs of their own into ./bin, if it is only the %s",
    (program) => {
      expect(build({ inBin: [`expanso-${program}`] })).toEqual({
        status: 0,
        said: "build-debug.sh: images of the programs in bin/",
        asked: "images --system expanso",
      });
    },
  );

  it("nor for somebody who names a checkout, which is where they mean it", () => {
    const named = build({ env: { EXPANSO_REPO: "../expanso" }, inBin: ["expanso-edge"], from: "/usr/lib" });
    expect(named).toEqual({
      status: 0,
      said: "build-debug.sh: images of the programs in EXPANSO_REPO=/usr/lib/../expanso",
      asked: "images --system expanso of /usr/lib/../expanso",
    });
    expect(build({ env: { EXPANSO_REPO: "/srv/expanso" } }).asked).toBe(
      "images --system expanso of /srv/expanso",
    );
  });

  it("ends as `repro images` does", () => {
    expect(build({ exits: 3 }).status).toBe(3);
  });
});

/** In a folder in which `./repro.ts` only says what it was asked. */
function build({
  env = {},
  inBin = [],
  from,
  exits = 0,
}: {
  readonly env?: Readonly<Record<string, string>>;
  readonly inBin?: readonly string[];
  readonly from?: string;
  readonly exits?: number;
} = {}) {
  const folder = mkdtempSync(join(tmpdir(), "repro-build-debug-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const script = join(folder, "build-debug.sh");
  cpSync(SCRIPT, script);
  const asked = `#!/bin/sh\necho "$*\${EXPANSO_REPO:+ of $EXPANSO_REPO}"\nexit ${exits}\n`;
  writeFileSync(join(folder, "repro.ts"), asked, { mode: 0o755 });
  mkdirSync(join(folder, "bin"));
  for (const name of inBin) writeFileSync(join(folder, "bin", name), "");
  const { status, stdout } = run([], { env, script, from });
  const [said, told] = stdout.split("\n");
  return { status, said, asked: told };
}

function run(
  args: readonly string[],
  at: {
    readonly env?: Readonly<Record<string, string>>;
    readonly script?: string;
    readonly from?: string | undefined;
  } = {},
) {
  const { EXPANSO_REPO: _theirs, ...env } = process.env;
  return spawnSync(at.script ?? SCRIPT, args, {
    encoding: "utf8",
    cwd: at.from,
    env: { ...env, ...at.env },
  });
}
