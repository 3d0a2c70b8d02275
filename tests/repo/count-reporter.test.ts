import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

it.each([
  [
    "what passes, fails and is skipped",
    `it("a", () => {}); it("b", () => { throw 1 }); it.skip("c");`,
    "1 passed, 1 failed, 1 skipped",
  ],
  ["a file that cannot be loaded as failed", `throw new Error("no");`, "0 passed, 1 failed, 0 skipped"],
  [
    "a clean-up that throws as failed, though every test has passed",
    `it("a", () => {}); afterAll(() => { throw new Error("left behind") });`,
    "1 passed, 1 failed, 0 skipped",
  ],
  [
    "a clean-up within, too",
    `describe("within", () => { it("a", () => {}); afterAll(() => { throw new Error("left behind") }); });`,
    "1 passed, 1 failed, 0 skipped",
  ],
])("the last line counts %s", { timeout: 60_000 }, (_, tests, line) => {
  const folder = mkdtempSync(join(tmpdir(), "repro-count-"));
  folders.push(folder);
  symlinkSync(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "some.test.ts"), `import { afterAll, describe, it } from "vitest";\n${tests}\n`);
  const vitest = join(REPOSITORY, "node_modules/vitest/vitest.mjs");
  const reporter = join(REPOSITORY, "tests/count-reporter.ts");
  const args = [vitest, "run", "--root", folder, "--reporter", reporter];
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: folder });
  expect(stdout.trimEnd().split("\n").at(-1)).toBe(line);
});
