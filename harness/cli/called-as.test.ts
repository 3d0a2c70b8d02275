import { describe, expect, it } from "vitest";
import { asTyped, calledAs } from "./called-as.ts";

it.each([
  [
    "npx",
    { npm_lifecycle_event: "repro", npm_execpath: "/home/me/.npm/_npx/9c70/node_modules/pnpm/pnpm" },
    "npx --yes pnpm@12 repro",
  ],
  ["pnpm", { npm_lifecycle_event: "repro", npm_execpath: "/usr/bin/pnpm" }, "pnpm repro"],
  [
    "its own file",
    { REPRO_CALLED_AS: "../there/repro.ts", npm_lifecycle_event: "repro" },
    "../there/repro.ts",
  ],
  ["its own file, with a space", { REPRO_CALLED_AS: "my own/repro.ts" }, "'my own/repro.ts'"],
  [
    "another script of the project",
    { npm_lifecycle_event: "test", npm_execpath: "/usr/bin/pnpm" },
    undefined,
  ],
  ["Node itself", {}, undefined],
])("called by %s it is called so again", (_how, env, command) => {
  expect(calledAs(env)).toBe(command);
});

describe("a line that names commands", () => {
  const told = asTyped("npx --yes pnpm@12 repro", ["clean", "up", "run"]);

  it.each([
    ["  mend: repro clean; docker info", "  mend: npx --yes pnpm@12 repro clean; docker info"],
    [
      "see it: `repro clean --all`, then (repro up)",
      "see it: `npx --yes pnpm@12 repro clean --all`, then (npx --yes pnpm@12 repro up)",
    ],
    [
      "  replay   pnpm repro brief-disconnect --seed 7",
      "  replay   npx --yes pnpm@12 repro brief-disconnect --seed 7",
    ],
    ["pnpm repro", "npx --yes pnpm@12 repro"],
  ])("%j says them as they are typed here", (line, typed) => {
    expect(told(line)).toBe(typed);
    // What has been said so once is not said so again.
    expect(told(typed)).toBe(typed);
  });

  it.each([
    "repro: there is no scenario",
    "io.expanso.repro.run=1 repro-default /x/repro up",
    "repro itself speaks to the engine",
    "repro upside down, repro clean-up",
  ])("%j stays as it is", (line) => {
    expect(told(line)).toBe(line);
  });

  it("stays as it is where nobody knows how it was called", () => {
    expect(asTyped(undefined, ["up"])("pnpm repro up")).toBe("pnpm repro up");
  });
});
