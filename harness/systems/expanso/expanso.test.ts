import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { EnvironmentError } from "../../errors.ts";
import { BINARIES, locateBinaries } from "./binaries.ts";
import { createExpansoSystem } from "./expanso.ts";
import { FIXES, OWN_STACK } from "./knowledge.ts";

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "repro-expanso-"));
afterAll(() => rmSync(root, { recursive: true }));

describe("the programs of a build", () => {
  const locate = (env: Record<string, string>, there: readonly string[]) =>
    locateBinaries({ repository: "/here", env, isThere: (path) => there.includes(path) });

  it.each([{}, { EXPANSO_REPO: "" }])("are those in bin/, good or not: %j", (env) => {
    expect(locate(env, [])).toEqual({
      "expanso-orchestrator": "/here/bin/expanso-orchestrator",
      "expanso-edge": "/here/bin/expanso-edge",
      "expanso-cli": "/here/bin/expanso-cli",
    });
  });

  it("are those that a checkout has, each in the first place that has it", () => {
    const there = [
      "/there/expanso-cli",
      "/there/build/expanso-edge",
      "/there/dist/expanso-edge",
      "/there/bin/expanso-orchestrator",
    ];
    expect(locate({ EXPANSO_REPO: "/there" }, there)).toEqual({
      "expanso-orchestrator": "/there/bin/expanso-orchestrator",
      "expanso-edge": "/there/dist/expanso-edge",
      "expanso-cli": "/there/expanso-cli",
    });
  });

  it("may be in a checkout that is named from here", () => {
    const there = BINARIES.map((name) => resolve("../expanso/bin", name));
    expect(Object.values(locate({ EXPANSO_REPO: "../expanso" }, there))).toEqual(there);
  });

  it("that a checkout does not have are not looked for elsewhere, and not built", () => {
    expect(errorOf(() => locate({ EXPANSO_REPO: "/there" }, ["/there"]))).toEqual([
      "expanso-orchestrator in the checkout that EXPANSO_REPO names, /there: not in bin, dist, build, . there",
      "build it there for Linux, as that project does (in Go: GOOS=linux go build -o bin/ …), or put it into bin/ here, and: unset EXPANSO_REPO",
    ]);
    expect(errorOf(() => locate({ EXPANSO_REPO: "/nowhere" }, []))).toEqual([
      "expanso-orchestrator in the checkout that EXPANSO_REPO names, /nowhere: there is no such folder",
      "correct it, or: unset EXPANSO_REPO",
    ]);
  });
});

describe("a build of somebody's own", () => {
  it("can do what spec and broker promise, and no more, if nothing in it says so", async () => {
    const system = await aBuild({});
    expect([...system.capabilities]).toEqual([...OWN_STACK]);
    expect(system.fixes).toEqual(["none"]);
    expect(system.isSimulated).toBe(false);
  });

  it.each([
    ["expanso-edge", "… expanso-edge executions …", "edge-executions"],
    ["expanso-orchestrator", "… WATCHER: Event failed, everything behind it waits …", "dispatch-log"],
    ["expanso-orchestrator", "… STORE: Illegal state move refused …", "illegal-move-log"],
  ] as const)("can do more if %s has the words for it: %s", async (program, words, capability) => {
    const { capabilities } = await aBuild({ [program]: words });
    expect([...capabilities].toSorted()).toEqual([...OWN_STACK, capability].toSorted());
    const elsewhere = await aBuild({ "expanso-cli": words });
    expect([...elsewhere.capabilities]).toEqual([...OWN_STACK]);
  });

  it("takes fixes if its orchestrator has that setting", async () => {
    expect((await aBuild({ "expanso-orchestrator": "scheduler.recovery" })).fixes).toEqual(FIXES);
  });

  it("that lacks a program is refused by its name", async () => {
    const repository = aRepository({});
    rmSync(join(repository, "bin/expanso-cli"));
    await expect(createExpansoSystem({ repository, env: {} })).rejects.toThrow(
      /^the Linux program .*bin\/expanso-cli: it is not there$/,
    );
  });

  it("has each of its programs in an image, under the name by which the Dockerfile copies it", async () => {
    const { images } = await aBuild({});
    const programs = images.flatMap(({ programs = {} }) => Object.keys(programs));
    expect(programs.toSorted()).toEqual([...BINARIES].toSorted());
    for (const { dockerfile, args = {}, bundles, files, programs = {} } of images) {
      const text = readFileSync(join(REPOSITORY, dockerfile), "utf8");
      const copied = [...text.matchAll(/^COPY (\S+) /gm)].map(([, name = ""]) =>
        name.replace(/^\$\{(\w+)\}$/, (all, arg: string) => args[arg] ?? all),
      );
      expect(copied.toSorted()).toEqual(
        [bundles, files, programs].flatMap((some) => Object.keys(some)).toSorted(),
      );
    }
  });

  it("is handed what is YAML, whatever else it may be", async () => {
    const system = await aBuild({});
    const problemsOf = (text: string) => system.checkJobFile({ name: "jobs/mine.yaml", text });
    expect(await problemsOf("name: x\nconfig:\n  input:\n    kafka: {}\n")).toEqual([]);
    expect(await problemsOf("")).toEqual(["jobs/mine.yaml:1:1: it is empty"]);
    expect(await problemsOf("name: x\nconfig: [1\n")).toEqual([
      "jobs/mine.yaml:3:1: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ]);
  });
});

let repositories = 0;

/** A build whose programs have these words somewhere. */
async function aBuild(words: Readonly<Record<string, string>>) {
  return await createExpansoSystem({ repository: aRepository(words), env: {} });
}

function aRepository(words: Readonly<Record<string, string>>): string {
  const repository = join(root, String((repositories += 1)));
  mkdirSync(join(repository, "bin"), { recursive: true });
  const head = Buffer.alloc(64);
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]);
  head.set([2, 0, 0x3e, 0], 16);
  for (const name of BINARIES) {
    const path = join(repository, "bin", name);
    writeFileSync(path, Buffer.concat([head, Buffer.from(words[name] ?? "")]));
    chmodSync(path, 0o755);
  }
  return repository;
}

function errorOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof EnvironmentError) return [error.message, error.mend];
    throw error;
  }
  throw new Error("it was not refused");
}
