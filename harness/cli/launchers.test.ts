import { describe, expect, it } from "vitest";
import { type Ancestor, brokenLink, launchersOf } from "./launchers.ts";

/** As seen of `npx --yes pnpm@12 repro`, typed into a shell. */
const CHAIN: readonly Ancestor[] = [
  { pid: 50, parent: 40, argv: ["sh", "-c", "trap … INT; node repro.ts"] },
  { pid: 40, parent: 30, argv: ["pnpm", "repro"] },
  { pid: 30, parent: 20, argv: ["sh", "-c", "'pnpm' repro"] },
  { pid: 20, parent: 10, argv: ["npm exec pnpm@12 repro"] },
  { pid: 10, parent: 1, argv: ["bash"] },
];
const pidsOf = (ancestors: readonly Ancestor[]) => launchersOf(ancestors).map(({ pid }) => pid);

describe("who started this process on behalf of somebody", () => {
  it("are the package managers, and the shells between them and us", () => {
    expect(pidsOf(CHAIN)).toEqual([50, 40, 30, 20]);
  });

  it("is not the shell of whoever called them", () => {
    const script = { pid: 10, parent: 1, argv: ["/bin/sh", "-c", "npx --yes pnpm@12 repro &"] };
    expect(pidsOf([...CHAIN.slice(0, -1), script])).toEqual([50, 40, 30, 20]);
  });

  it("is an npx that has not given itself a title yet", () => {
    const npx = { pid: 20, parent: 10, argv: ["node", "/usr/bin/npx", "--yes", "pnpm@12", "repro"] };
    expect(pidsOf([...CHAIN.slice(0, 3), npx])).toEqual([50, 40, 30, 20]);
    const cli = { ...npx, argv: ["/usr/bin/node", "/usr/lib/node_modules/npm/bin/npx-cli.js", "--yes"] };
    expect(pidsOf([...CHAIN.slice(0, 3), cli])).toEqual([50, 40, 30, 20]);
  });

  it("is nobody where it was started by hand", () => {
    expect(pidsOf([{ pid: 10, parent: 1, argv: ["sh", "-c", "node repro.ts"] }])).toEqual([]);
    expect(pidsOf([])).toEqual([]);
  });
});

describe("one of them has gone", () => {
  const launchers = launchersOf(CHAIN);
  const parents = new Map([[60, 50], ...CHAIN.map(({ pid, parent }) => [pid, parent] as const)]);

  it("when what it started has another parent", () => {
    const at = new Map([...parents, [40, 1]]);
    expect(brokenLink(60, launchers, (pid) => at.get(pid))?.pid).toBe(30);
  });

  it("but not when whoever called them has", () => {
    const at = new Map([...parents, [20, 1]]);
    expect(brokenLink(60, launchers, (pid) => at.get(pid))).toBeUndefined();
  });
});
