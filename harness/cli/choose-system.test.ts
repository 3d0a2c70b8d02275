import { describe, expect, it } from "vitest";
import { EnvironmentError, UsageError } from "../errors.ts";
import { chooseSystem, standingSystem } from "./choose-system.ts";

const ELSEWHERE = { EXPANSO_REPO: "/no/such/checkout" };

describe("a checkout that is named, and not asked for", () => {
  it("is told to be left alone", async () => {
    const { name, notes } = await choose(undefined, ELSEWHERE);
    expect(name).toBe("bundled");
    expect(notes).toEqual([
      "EXPANSO_REPO=/no/such/checkout is not looked at: this is the control plane in this repository; " +
        "--system expanso takes what is built there",
    ]);
  });

  it.each([
    ["bundled", ELSEWHERE],
    [undefined, {}],
    [undefined, { EXPANSO_REPO: "" }],
  ])("is no word worth where somebody says %s, with %j", async (given, env) => {
    expect(await choose(given, env)).toEqual({ name: "bundled", notes: [] });
  });

  it("is looked at once it is asked for", async () => {
    await expect(choose("expanso", ELSEWHERE)).rejects.toThrow(EnvironmentError);
    await expect(choose("expnso", ELSEWHERE)).rejects.toThrow(UsageError);
  });
});

it("a stack that stands needs none of the programs that it was made of", () => {
  expect(["bundled", "expanso", "cloud"].map((name) => standingSystem(name)?.name)).toEqual([
    "bundled",
    "expanso",
    undefined,
  ]);
});

async function choose(given: string | undefined, env: Readonly<Record<string, string>>) {
  const notes: string[] = [];
  const { name } = await chooseSystem(given, (text) => void notes.push(text), env);
  return { name, notes };
}
