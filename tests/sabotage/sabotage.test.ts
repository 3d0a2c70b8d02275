import { format, resolveConfig } from "prettier";
import { describe, expect, it } from "vitest";
import { LOSS_NAMES } from "../../harness/vocabulary.ts";
import { scenarios } from "../../scenarios/index.ts";
import { during, simulate, type Break } from "./breakable.ts";
import { sabotageDocument } from "./document.ts";
import { faultOfControl, survivalOf, type Finding, type Judged, type Sabotage } from "./sabotage.ts";
import { SABOTAGES } from "./table/index.ts";

const SEEDS = [1, 2, 3];

describe("is found", { timeout: 60_000 }, () => {
  it.each(SABOTAGES.map((sabotage) => [sabotage.broken, sabotage.scenario, sabotage.fix, sabotage] as const))(
    "%s, in %s under fix %s",
    async (_broken, _scenario, _fix, sabotage) => {
      for (const seed of SEEDS) {
        expect(faultOfControl(sabotage, await control(sabotage, seed))).toBeUndefined();
        expect(survivalOf(sabotage, await run(sabotage, sabotage.by, seed))).toBeUndefined();
      }
    },
  );
});

it("nothing broken is not found", { timeout: 60_000 }, async () => {
  const found = [];
  for (const sabotage of SABOTAGES)
    if (survivalOf(sabotage, await control(sabotage, SEEDS[0]!)) === undefined) found.push(sabotage.id);
  expect(found).toEqual([]);
});

describe("there is one", () => {
  const found = <K extends Finding["kind"]>(kind: K) =>
    SABOTAGES.flatMap(({ finds }) => (finds.kind === kind ? [finds as Extract<Finding, { kind: K }>] : []));

  it("for every scenario of the catalogue, under which its claim is violated", () => {
    const broken = SABOTAGES.filter(({ finds }) => finds.kind === "claim").map(({ scenario }) => scenario);
    expect(scenarios.map(({ id }) => id).filter((id) => !broken.includes(id))).toEqual([]);
  });

  it("for every loss, under which another is named", () => {
    const avoided = found("loss").map(({ not }) => not as string);
    expect(Object.keys(LOSS_NAMES).filter((loss) => !avoided.includes(loss))).toEqual([]);
  });

  it("for every invariant, that no other sees", async () => {
    const { invariants } = await control(SABOTAGES[0]!, SEEDS[0]!);
    const broken = found("invariant").map(({ id }) => id);
    expect(invariants.length).toBeGreaterThan(0);
    expect(invariants.map(({ id }) => id).filter((id) => !broken.includes(id))).toEqual([]);
  });

  it("and no two of one name", () => {
    const ids = SABOTAGES.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});

it("docs/sabotage.md lists them all", async () => {
  const file = new URL("../../docs/sabotage.md", import.meta.url).pathname;
  const options = { ...(await resolveConfig(file)), parser: "markdown" };
  await expect(await format(sabotageDocument(SABOTAGES), options)).toMatchFileSnapshot(file);
});

const controls = new Map<string, Promise<Judged>>();

/** The same run with nothing broken, once for all that share it. */
function control(sabotage: Sabotage, seed: number): Promise<Judged> {
  const key = `${sabotage.scenario} ${sabotage.fix} ${seed}`;
  const judged = controls.get(key) ?? run(sabotage, {}, seed);
  controls.set(key, judged);
  return judged;
}

async function run({ scenario: id, fix }: Sabotage, by: Break, seed: number): Promise<Judged> {
  const scenario = scenarios.find((candidate) => candidate.id === id);
  if (scenario === undefined) throw new Error(`no scenario ${id}`);
  const { result, outcome } = await during(by, () => simulate({ scenario, fix, seed, profile: "fast" }));
  const claims = outcome.timeline.filter((entry) => entry.kind === "claim");
  return { ...result, isClaimMet: claims.length > 0 && claims.every(({ held }) => held) };
}
