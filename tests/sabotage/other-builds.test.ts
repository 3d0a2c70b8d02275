import { describe, expect, it } from "vitest";
import { scenarios } from "../../scenarios/index.ts";
import { during, simulate, type Break } from "./breakable.ts";
import { OTHER_WORDS } from "./breaks.ts";

/** The same control plane, saying what it says as another build might: what comes of a run is the same. */
let said = 0;
const JSON_LINES: Break = {
  createLineLog: (real) => (options) => {
    said += 1;
    return real({ ...options, format: "json" });
  },
};
const TABLES_ALONE: Break = {
  runCli: (real) => async (argv, ports) => {
    if (!argv.includes("--format")) return await real(argv, ports);
    said += 1;
    ports.err("Error: unknown flag: --format\n");
    return 1;
  },
};

describe.each([
  ["logs JSON", JSON_LINES],
  ["has tables alone", TABLES_ALONE],
])("a build that %s", (_what, build) => {
  it.each([
    ["deploy-in-disconnect-window", "none"],
    ["deploy-in-disconnect-window", "redispatch"],
    ["deploy-while-disconnected", "none"],
    ["first-node-joins-queued-job", "none"],
    ["update-in-disconnect-window", "none"],
    ["status-lost", "none"],
    ["restart-with-wiped-disk", "none"],
    ["deploy-all-connected", "none"],
  ])("has the verdict, loss and invariants of ours: %s under fix %s", async (id, fix) => {
    const ours = await outcomeOf(id, fix);
    said = 0;
    expect(await during(build, () => outcomeOf(id, fix))).toEqual(ours);
    expect(said).toBeGreaterThan(0);
    expect(ours.verdict).not.toBe("unknown");
  });
});

const NO_WORDS: Break = { createLineLog: (real) => (options) => real({ ...options, writeLine: () => {} }) };

describe.each([
  ["has other words for all that it logs", OTHER_WORDS],
  ["logs nothing", NO_WORDS],
])("a build that %s", (_what, build) => {
  it.each([
    ["deploy-all-connected", "none", "held"],
    ["deploy-in-disconnect-window", "none", "violated"],
    ["deploy-in-disconnect-window", "redispatch", "held"],
    ["deploy-while-disconnected", "none", "violated"],
    ["brief-disconnect", "none", "held"],
    // Which of two nodes of one name is alive, only the handshake tells.
    ["restart-with-new-identity", "none", "unknown"],
  ])("is judged by its states: %s under fix %s %s", async (id, fix, verdict) => {
    const { result } = await during(build, () => run(id, fix));
    expect(result.verdict).toBe(verdict);
    expect(result.because).toMatch(
      /the log contract is not met: this build never logs handshake-completed, /,
    );
  });
});

async function outcomeOf(id: string, fix: string) {
  const { result } = await run(id, fix);
  const { verdict, loss, invariants, witnesses } = result;
  return {
    verdict,
    loss,
    invariants: invariants.map(({ id: number, held }) => [number, held]),
    sources: witnesses.map(({ source }) => source),
  };
}

async function run(id: string, fix: string) {
  const scenario = scenarios.find((candidate) => candidate.id === id);
  if (scenario === undefined) throw new Error(`no scenario ${id}`);
  return await simulate({ scenario, fix, seed: 1, profile: "fast" });
}
