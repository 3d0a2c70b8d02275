import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

it("repro.ts runs on the Node that the project pins, called from any folder, also through a link", () => {
  const { folder, call } = aCopy({ npx: 'echo "asked: $*"' });
  const link = join(folder, "elsewhere", "link");
  symlinkSync(join(folder, "repository", "repro.ts"), link);
  for (const command of [join(folder, "repository", "repro.ts"), "../repository/repro.ts", link]) {
    const { status, stdout, stderr } = call(command, ["a b", "--c"]);
    expect({ status, stdout: JSON.parse(stdout) as unknown, stderr }).toEqual({
      status: 0,
      stdout: {
        node: "pinned",
        called: command,
        arguments: [command, "a b", "--c"],
        folder: join(folder, "elsewhere"),
      },
      // It is pnpm that knows what is to be installed; nothing of what it says gets into a result.
      stderr: `asked: --yes pnpm@12 --silent --dir ${join(folder, "repository")} exec true\n`,
    });
  }
});

it("what cannot be installed is exit 3, and the command that tells why", () => {
  const { folder, call } = aCopy({ npx: "exit 1" });
  expect(call("../repository/repro.ts", [])).toMatchObject({
    status: 3,
    stdout: "",
    stderr:
      "repro: what it needs could not be installed; " +
      `see why: cd ${join(folder, "repository")} && npx --yes pnpm@12 install\n`,
  });
});

/** A copy of what starts, with a Node that says how it was called, and a folder of somebody else's beside it. */
function aCopy({ npx }: { readonly npx: string }) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "repro-pinned-")));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const bin = join(folder, "repository", "node_modules", ".bin");
  const path = join(folder, "path");
  for (const made of [bin, path, join(folder, "elsewhere")]) mkdirSync(made, { recursive: true });
  for (const copied of ["repro.ts", "scripts/on-pinned-node.sh"])
    cpSync(join(REPOSITORY, copied), join(folder, "repository", copied));
  const told =
    "JSON.stringify({ node: 'pinned', called: process.env.REPRO_CALLED_AS, arguments: process.argv.slice(1), folder: process.cwd() })";
  const program = (file: string, script: string) =>
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  program(join(bin, "node"), `exec '${process.execPath}' -p "${told}" -- "$@"`);
  program(join(path, "npx"), npx);
  const call = (command: string, args: readonly string[]) =>
    spawnSync(command, args, {
      cwd: join(folder, "elsewhere"),
      encoding: "utf8",
      env: { ...process.env, PATH: `${path}:${process.env["PATH"]}` },
    });
  return { folder, call };
}
