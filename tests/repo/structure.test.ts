import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { VERSION } from "../../controlplane/model/version.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import { expectationFor } from "../../harness/checks/expectation.ts";
import type { Scenario } from "../../harness/scenario/define.ts";
import { scenarios } from "../../scenarios/index.ts";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const ROOTS = ["controlplane", "harness", "scenarios", "tests", "repro.ts"];
const MOST_LINES = 300;

describe("who may import whom", { timeout: 120_000 }, () => {
  it("is as .dependency-cruiser.mjs says, everywhere", async () => {
    const { summary, modules } = await cruise(REPOSITORY, ROOTS);
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
    // A cruiser that sees nothing, or follows no import, finds no violation either.
    expect(modules.length).toBeGreaterThan(250);
    expect(summary.totalDependenciesCruised).toBeGreaterThan(modules.length);
    expect(summary.ruleSetUsed.forbidden.length).toBeGreaterThan(15);
  });

  describe("and each of these would be found", () => {
    const root = mkdtempSync(join(tmpdir(), "repro-structure-"));
    afterAll(() => rmSync(root, { recursive: true }));

    it.each([
      ["harness-knows-no-control-plane", "harness/cli/a.ts", "controlplane/model/b.ts"],
      ["control-plane-knows-no-harness", "controlplane/orchestrator/orchestrator.ts", "harness/cli/b.ts"],
      [
        "orchestrator-parts",
        "controlplane/orchestrator/store/a.ts",
        "controlplane/orchestrator/planner/b.ts",
      ],
      ["checks-are-pure", "harness/checks/a.ts", "harness/scenario/b.ts"],
      ["scenarios", "scenarios/a.ts", "harness/scenario/b.ts"],
      [
        "system-specific-knowledge-stays-in-its-folder",
        "harness/scenario/a.ts",
        "harness/systems/expanso/b.ts",
      ],
      ["no-outside-in-the-control-plane", "controlplane/edge/a.ts", "node:fs"],
      ["model", "controlplane/model/a.ts", "controlplane/ports/b.ts"],
    ])("%s", async (rule, from, to) => {
      const folder = mkdtempSync(join(root, "tree-"));
      for (const file of ["tsconfig.json", ".dependency-cruiser.mjs"])
        cpSync(join(REPOSITORY, file), join(folder, file));
      symlinkSync(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
      const target = to.startsWith("node:") ? to : relative(dirname(from), to);
      write(join(folder, from), `import { b } from "${target}";\nexport const a = b;\n`);
      if (!to.startsWith("node:")) write(join(folder, to), "export const b = 1;\n");
      const { summary } = await cruise(folder, [from.split("/")[0] ?? ""]);
      expect(summary.violations.map((violation) => violation.rule.name)).toContain(rule);
    });
  });
});

it("the version is the same in package.json and in what `version` prints", () => {
  const { version } = JSON.parse(read("package.json")) as { version: string };
  expect(VERSION).toBe(version);
});

it(`no source file has more than ${MOST_LINES} lines, tests aside`, () => {
  const files = sourceFiles().filter((file) => !file.endsWith(".test.ts"));
  const lines = new Map(files.map((file) => [file, read(file).split("\n").length - 1]));
  expect(lines.size).toBeGreaterThan(200);
  expect([...lines].filter(([, count]) => count > MOST_LINES)).toEqual([]);
});

describe("the catalogue", () => {
  it("lists every scenario file, and none twice", async () => {
    const names = readdirSync(join(REPOSITORY, "scenarios"))
      .filter((file) => file !== "index.ts")
      .map((file) => basename(file, ".ts"));
    expect(names.length).toBeGreaterThan(0);
    expect(scenarios.map(({ id }) => id).sort()).toEqual(names.sort());
    for (const name of names) {
      const { default: scenario } = (await import(`../../scenarios/${name}.ts`)) as { default: Scenario };
      expect(scenarios.find(({ id }) => id === name)).toBe(scenario);
    }
  });

  it("begins with the headline", () => {
    expect(scenarios[0]?.id).toBe("deploy-in-disconnect-window");
  });

  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    "%s says what it claims, where that comes from, and what is expected without and with each fix",
    (_id, { claim, covers, expected, edges }) => {
      expect(claim).toMatch(/^[A-Z].*\.$/);
      expect(covers.length).toBeGreaterThan(0);
      expect(edges).toBeGreaterThanOrEqual(0);
      for (const fix of ["none", "block", "redispatch", "pull", "resync", "supersede"])
        expect([fix, expectationFor({ expected }, fix)]).not.toContain(undefined);
      for (const verdict of Object.values(expected)) expect(verdict).toMatch(/^(held|violated( L[1-8])?)$/);
    },
  );
});

describe("the job files", { timeout: 60_000 }, () => {
  const named = [...new Set(scenarios.flatMap((scenario) => scenario.jobs))];

  it.each(named)("pipelines/%s, which a scenario deploys, is there and valid", async (name) => {
    expect(await bundledSystem.checkJobFile({ name, text: read(`pipelines/${name}`) })).toEqual([]);
  });

  it("are all valid, but for the one that is a bare pipeline on purpose", async () => {
    const files = readdirSync(join(REPOSITORY, "pipelines"));
    const problems = await Promise.all(
      files.map(
        async (name) =>
          [name, await bundledSystem.checkJobFile({ name, text: read(`pipelines/${name}`) })] as const,
      ),
    );
    expect(problems.filter(([, found]) => found.length > 0).map(([name]) => name)).toEqual([
      "test-pipeline.yaml",
    ]);
  });

  it("the bare pipeline is refused with the envelope that it lacks, which then is accepted", async () => {
    const name = "pipelines/test-pipeline.yaml";
    const [first, ...rest] = await bundledSystem.checkJobFile({ name, text: read(name) });
    expect(first).toBe(
      `${name}:1:1: this is a pipeline without a job around it; wrap it in an envelope like this:`,
    );
    const envelope = rest.join("\n").trimStart();
    expect(envelope).toMatch(/^name: my-job\ntype: pipeline\nconfig:\n/);
    expect(await bundledSystem.checkJobFile({ name: "envelope", text: envelope })).toEqual([]);
  });
});

interface Cruise {
  readonly modules: readonly unknown[];
  readonly summary: {
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
    readonly totalDependenciesCruised: number;
    readonly ruleSetUsed: { readonly forbidden: readonly unknown[] };
  };
}

async function cruise(folder: string, roots: readonly string[]): Promise<Cruise> {
  const cruiser = join(REPOSITORY, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const options = ["--config", ".dependency-cruiser.mjs", "--output-type", "json"];
  const run = promisify(execFile)(process.execPath, [cruiser, ...options, ...roots], {
    cwd: folder,
    maxBuffer: 256 * 1024 * 1024,
  });
  return JSON.parse((await run).stdout) as Cruise;
}

/** Every TypeScript file of ours, relative to the repository. */
function sourceFiles(): string[] {
  return ["controlplane", "harness", "scenarios", "tests", "bench", "scripts", "."].flatMap((folder) =>
    readdirSync(join(REPOSITORY, folder), { recursive: folder !== ".", encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(folder, file)),
  );
}

function read(file: string): string {
  return readFileSync(join(REPOSITORY, file), "utf8");
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
