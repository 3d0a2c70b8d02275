import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import { scenariosPage } from "../../scripts/docs/scenarios-page.ts";
import type { Entry } from "../../harness/timeline/entry.ts";
import { scenarios } from "../../scenarios/index.ts";
import { simulate } from "../sim/simulate.ts";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const PAGES = ["*.md", "docs/**/*.md"].flatMap((pattern) => globSync(pattern, { cwd: REPOSITORY }));

it("docs/scenarios.md is what the scenarios say; `npx --yes pnpm@12 write-docs` writes it anew", async () => {
  expect(read("docs/scenarios.md")).toBe(await scenariosPage(scenarios, bundledSystem.fixes));
});

describe("every page", () => {
  it.each(PAGES)("%s links only to what is there", (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)(?<path>[^)#]*)(?:#(?<part>[^)]*))?\)/g)];
    const broken = links
      .map(({ groups }) => ({ path: groups?.["path"] ?? "", part: groups?.["part"] }))
      .filter(({ path, part }) => {
        const target = path === "" ? page : join(dirname(page), path);
        if (!existsSync(join(REPOSITORY, target))) return true;
        return part !== undefined && !anchorsIn(target).includes(part);
      });
    expect(broken).toEqual([]);
  });

  it("can be found from the README", () => {
    const seen = new Set(["README.md"]);
    for (const page of seen) {
      for (const [, path = ""] of read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        const target = join(dirname(page), path);
        if (target.endsWith(".md")) seen.add(target);
        else if (path.endsWith("/"))
          for (const file of readdirSync(join(REPOSITORY, target)))
            if (file.endsWith(".md")) seen.add(join(target, file));
      }
    }
    expect(PAGES.filter((page) => !seen.has(page))).toEqual([]);
  });
});

describe("docs/reading-a-report.md", () => {
  const page = read("docs/reading-a-report.md");

  it("explains every field of a result, in the order in which they are written", async () => {
    const { result } = await simulate({ scenario: scenarios[0]!, seed: 1, profile: "fast" });
    expect(firstColumn(page, "field")).toEqual(Object.keys(result));
  });

  it("explains every kind of entry of a record, and no other", () => {
    expect(firstColumn(page, "kind").toSorted()).toEqual(Object.keys(KINDS).toSorted());
  });
});

/** The compiler keeps this complete. */
const KINDS: Readonly<Record<Entry["kind"], true>> = {
  step: true,
  fault: true,
  log: true,
  state: true,
  nodes: true,
  "running-on": true,
  premise: true,
  claim: true,
  settled: true,
  proof: true,
  "driven-on": true,
  "streams-read": true,
};

describe("docs/architecture.md", () => {
  const page = read("docs/architecture.md");

  it("has every folder of the sources in its picture, and none that there is not", () => {
    const picture = /```text\n(?<picture>.*?)\n```/s.exec(page)?.groups?.["picture"] ?? "";
    for (const root of ["controlplane", "harness"]) {
      const block = new RegExp(`^${root}/.*?(?=^\\S|$(?![\\s\\S]))`, "ms").exec(picture)?.[0] ?? "";
      // Two spaces deep, before the words: `store/  event-log/` or `model/    job, node …`.
      const drawn = [...block.matchAll(/^ {2}(?<folders>(?:[a-z-]+\/ *)+)/gm)].flatMap(
        ({ groups }) => groups?.["folders"]?.match(/[a-z-]+(?=\/)/g) ?? [],
      );
      const there = foldersIn(root);
      expect([root, ...drawn.toSorted()]).toEqual([root, ...there]);
    }
  });

  it("names only files that there are", () => {
    const named = [...page.matchAll(/`(?<path>[\w./-]+\.(?:ts|mjs|md))`/g)].map(
      ({ groups }) => groups?.["path"] ?? "",
    );
    expect(named.length).toBeGreaterThan(10);
    const roots = ["", "harness", "controlplane", "controlplane/orchestrator", "harness/engines/sim"];
    const isThere = (path: string) => roots.some((root) => existsSync(join(REPOSITORY, root, path)));
    expect(named.filter((path) => !isThere(path))).toEqual([]);
  });
});

function foldersIn(root: string): readonly string[] {
  return readdirSync(join(REPOSITORY, root), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

/** The words in backticks at the beginning of each row of the table with this head. */
function firstColumn(page: string, head: string): readonly string[] {
  const lines = page.split("\n");
  const from = lines.findIndex((line) => line.startsWith(`| ${head} `)) + 2;
  const rows = lines.slice(
    from,
    lines.findIndex((line, index) => index > from && !line.startsWith("|")),
  );
  return rows.map((row) => /^\| `(?<word>[^`]+)`/.exec(row)?.groups?.["word"] ?? row);
}

/** As GitHub makes them of headings. */
function anchorsIn(page: string): readonly string[] {
  return [...read(page).matchAll(/^#+ (?<title>.*)$/gm)].map(({ groups }) =>
    (groups?.["title"] ?? "")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function read(file: string): string {
  return readFileSync(join(REPOSITORY, file), "utf8");
}
