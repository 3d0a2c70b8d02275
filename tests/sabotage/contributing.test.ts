import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadScenario } from "../../harness/cli/scenario-file.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import { copyOfSources } from "../copy-of-sources.ts";
import { during, simulate } from "./breakable.ts";
import { EDGE_IGNORES_STOPS } from "./breaks.ts";

/** What CONTRIBUTING.md tells a newcomer to write has to work as it stands there. */
const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = readFileSync(join(REPOSITORY, "CONTRIBUTING.md"), "utf8");

describe("the scenario that CONTRIBUTING.md adds", { timeout: 60_000 }, () => {
  it("comes out as it expects under every fix", async () => {
    const scenario = await theScenario();
    for (const fix of bundledSystem.fixes) {
      const { result } = await simulate({ scenario, fix, seed: 1, profile: "fast" });
      expect([fix, result.verdict, result.asExpected]).toEqual([fix, "held", true]);
    }
  });

  it("is found violated under the sabotage that goes with it", async () => {
    const entry = blockOf("tests/sabotage/table/scheduling.ts");
    const scenario = await theScenario();
    expect(entry).toContain(`scenario: "${scenario.id}"`);
    expect(entry).toContain("by: EDGE_IGNORES_STOPS,");
    const { result } = await during(EDGE_IGNORES_STOPS, () =>
      simulate({ scenario, seed: 1, profile: "fast" }),
    );
    expect([result.verdict, result.loss]).toEqual(["violated", null]);
  });
});

it("the fix that CONTRIBUTING.md adds cures the headline", async () => {
  const folder = copyOfSources();
  const strategy = "controlplane/orchestrator/recovery/insist.ts";
  writeFileSync(join(folder, strategy), blockOf(strategy));
  edit(folder, "controlplane/orchestrator/recovery/recovery.ts", [
    ['import { noRecovery } from "./none.ts";', 'import { insist } from "./insist.ts";\n$&'],
    ["  redispatch,\n", "$&  insist,\n"],
  ]);
  edit(folder, "harness/systems/expanso/knowledge.ts", [['"recommended"]', '"insist", $&']]);
  const options = ["--engine", "sim", "--fix", "insist", "--expect", "held", "--format", "json"];
  const { stdout } = await execa(process.execPath, ["repro.ts", ...options], { cwd: folder, reject: false });
  expect(JSON.parse(stdout)).toMatchObject({ fix: "insist", verdict: "held", asExpected: true });
}, 60_000);

async function theScenario() {
  const folder = mkdtempSync(join(tmpdir(), "repro-contributing-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "stop-all-connected.ts");
  const harness = pathToFileURL(join(REPOSITORY, "harness/index.ts")).href;
  writeFileSync(file, blockOf("scenarios/stop-all-connected.ts").replace("../harness/index.ts", harness));
  return await loadScenario(file);
}

/** The code below the comment that names its file. */
function blockOf(file: string): string {
  const [, after] = PAGE.split(`<!-- ${file} -->`);
  const code = /^\s*```ts\n(?<code>.*?)^```$/ms.exec(after ?? "")?.groups?.["code"];
  if (code === undefined) throw new Error(`CONTRIBUTING.md has no code for ${file}`);
  return code;
}

function edit(folder: string, file: string, changes: readonly (readonly [string, string])[]): void {
  let text = readFileSync(join(folder, file), "utf8");
  // For whoever has just done what the page says.
  if (text.includes("insist")) return;
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  writeFileSync(join(folder, file), text);
}
