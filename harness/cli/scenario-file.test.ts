import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import type { ScenarioContext } from "../scenario/define.ts";
import { isScenarioFile, loadScenario } from "./scenario-file.ts";

const folder = mkdtempSync(join(tmpdir(), "repro-scenario-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const GOOD = `export default {
  id: "my-own",
  claim: "It runs.",
  jobs: ["mine.yaml"],
  async run() {},
};`;

it.each([
  ["./mine.ts", true],
  ["mine.ts", true],
  ["../there/mine.mjs", true],
  ["C:\\mine", true],
  ["mine.yaml", true],
  ["pipelines", true],
  ["deploy-all-connected", false],
  ["all", false],
])("%s is taken for a file: %s", (name, isFile) => {
  expect(isScenarioFile(name)).toBe(isFile);
});

describe("a scenario of the user's own", () => {
  it("needs to say no more than what it is about", async () => {
    const scenario = await loadScenario(file("good.mjs", GOOD));
    expect(scenario).toMatchObject({
      id: "my-own",
      claim: "It runs.",
      covers: [],
      edges: 2,
      jobs: ["mine.yaml"],
      expected: { "*": "held" },
      folder,
      file: join(folder, "good.mjs"),
    });
    expect(scenario.run).toBeTypeOf("function");
  });

  it("may be TypeScript", async () => {
    const source = GOOD.replace("async run() {}", "async run(_: { edges: number }): Promise<void> {}");
    expect((await loadScenario(file("typed.ts", source))).id).toBe("my-own");
  });

  it("keeps what it says", async () => {
    const source = GOOD.replace(
      "jobs:",
      'edges: 3, covers: ["me"], expected: { none: "violated L1" }, jobs:',
    );
    expect(await loadScenario(file("more.mjs", source))).toMatchObject({
      edges: 3,
      covers: ["me"],
      expected: { none: "violated L1" },
    });
  });

  it("may name every key that there is", async () => {
    const all =
      "ifSameJobAvoided: undefined, spoiledBy: [], atLeast: {}, needs: [], excepts: {}, edgesStart: 'later', jobs:";
    expect((await loadScenario(file("all.mjs", GOOD.replace("jobs:", all)))).edgesStart).toBe("later");
  });

  it.each([
    ["by mistake", "await edges.runOn();", /\.mjs:5:\d+: edges\.runOn is not a function$/],
    ["on purpose", 'throw new Error("not so");', /\.mjs:5:\d+: not so$/],
    ["by what it asked of the language", 'JSON.parse("{");', /\.mjs:5:\d+: Expected property name/],
  ])("that throws when it is run, %s, is told with its place", async (what, code, message) => {
    const path = file(
      `throws-${what.replaceAll(" ", "-")}.mjs`,
      GOOD.replace("async run() {}", `async run({ edges }) { ${code} }`),
    );
    const { run } = await loadScenario(path);
    const running = run({ edges: {} } as unknown as ScenarioContext);
    await expect(running).rejects.toThrow(UsageError);
    await expect(running).rejects.toThrow(message);
  });

  it("leaves what the harness throws as it is", async () => {
    const { run } = await loadScenario(
      file("calls.mjs", GOOD.replace("async run() {}", "async run({ edges }) { await edges.kill(); }")),
    );
    const ours = new Error("ours");
    const edges = { kill: () => Promise.reject(ours) };
    await expect(run({ edges } as unknown as ScenarioContext)).rejects.toBe(ours);
  });

  it.each([
    ["that is nowhere", "", /^there is no scenario file .*nowhere\.mjs$/],
    ["that exports nothing", "export const id = 1;", /has to `export default defineScenario/],
    ["that does not parse", "export default {", /\.mjs: /],
    ["that names what there is not", "\nexport default nothing();", /\.mjs:2:\d+: nothing is not defined$/],
    [
      "with a key that is misspelt",
      GOOD.replace("jobs:", "edgez: 3, jobs:"),
      /\.mjs: there is no "edgez" \(did you mean "edges"\?\); accepted are id, claim, /,
    ],
    [
      "in which several things are missing",
      "export default { id: 'x', run() {} };",
      /\.mjs: claim: it is missing; jobs: it is missing$/,
    ],
    ["that throws", 'throw new Error("not today");', /\.mjs:1:7: not today$/],
    [
      "of something else",
      "export default 7;",
      /\.mjs: the default export has to be `defineScenario\(\{ … \}\)`, it is 7$/,
    ],
    [
      "of a function",
      "export default () => {};",
      /\.mjs: the default export has to be .*, it is \[Function: .*\]$/,
    ],
    ["without a claim", GOOD.replace('claim: "It runs.",', ""), /\.mjs: claim: /],
    ["without anything to run", GOOD.replace("async run() {},", ""), /\.mjs: run: /],
    [
      "with an id that is no name",
      GOOD.replace("my-own", "my own"),
      /\.mjs: id: has to be words joined by -/,
    ],
    [
      "that expects what there is not",
      GOOD.replace("jobs:", 'expected: { none: "broken" }, jobs:'),
      /\.mjs: expected\.none: has to be held, violated, or violated L1 to L8$/,
    ],
  ])("%s is refused, and the file is named", async (what, source, message) => {
    const name = `${what.replaceAll(/\W+/g, "-")}.mjs`;
    const path = source === "" ? join(folder, "nowhere.mjs") : file(name, source);
    const refused = loadScenario(path);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
  });
});

describe("what is no scenario file is told as what it is", () => {
  it.each([
    [
      "a job file",
      () => file("job.yaml", "name: a-job\n"),
      /job\.yaml is no scenario; .* repro deploy .*job\.yaml/,
    ],
    [
      "a folder",
      () => aFolder("has-some", "one.ts", "one.test.ts"),
      /has-some is a folder, .* in it may be: one\.ts$/,
    ],
    ["a folder without any", () => aFolder("has-none"), /has-none is a folder, .*; there is none in it$/],
    [
      "a misspelt file",
      () => join(aFolder("has-two", "mine.ts"), "mien.ts"),
      /^there is no scenario file .*mien\.ts \(did you mean "mine\.ts"\?\)$/,
    ],
    [
      "a file in a folder that there is not",
      () => join(folder, "away", "mine.ts"),
      /^there is no scenario file .*: there is no folder .*away$/,
    ],
  ])("%s", async (_what, path, message) => {
    await expect(loadScenario(path())).rejects.toThrow(message);
  });
});

function aFolder(name: string, ...files: readonly string[]): string {
  mkdirSync(join(folder, name));
  for (const each of files) file(join(name, each), GOOD);
  return join(folder, name);
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
