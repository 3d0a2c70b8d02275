import { format } from "prettier";
import { expectationFor } from "../../harness/checks/expectation.ts";
import type { Scenario } from "../../harness/scenario/define.ts";
import { KNOBS, type Knob } from "../../harness/timing/profile.ts";
import { writeDuration } from "../../harness/timing/duration.ts";
import { list } from "../../harness/text/list.ts";

/** `docs/scenarios.md`: the catalogue, from what the scenarios say of themselves. `fixes`: the columns. */
export async function scenariosPage(
  scenarios: readonly Scenario[],
  fixes: readonly string[],
): Promise<string> {
  const lines = [
    "<!-- Written by `npx --yes pnpm@12 write-docs` from scenarios/. A test compares. -->",
    "",
    "# The scenarios",
    "",
    `${scenarios.length} claims about a correct system, each put to the test by one file in [scenarios/](../scenarios/).`,
    "What is expected under each fix is held against a run of every one of them: in simulation at every push and every",
    "night, on Docker every night. `H` held, `V` violated, with its loss; what the losses and the fixes are: [README](../README.md),",
    "[fixes](fixes.md).",
    "",
    `| scenario | ${fixes.join(" | ")} |`,
    `| --- |${" --- |".repeat(fixes.length)}`,
    ...scenarios.map(
      (scenario) =>
        `| [${scenario.id}](#${scenario.id}) | ${fixes.map((fix) => shortly(expected(scenario, fix))).join(" | ")} |`,
    ),
    ...scenarios.flatMap((scenario) => sectionOf(scenario, fixes)),
  ];
  return await format(lines.join("\n"), { parser: "markdown", printWidth: 110 });
}

function sectionOf(scenario: Scenario, fixes: readonly string[]): string[] {
  const { id, claim, covers, edges, edgesStart, jobs, atLeast = {}, needs, excepts = {} } = scenario;
  const raised = KNOBS.filter((knob) => atLeast[knob] !== undefined).map(
    (knob: Knob) => `\`${knob}\` to ${writeDuration(atLeast[knob] ?? 0)}`,
  );
  const facts: readonly (readonly [name: string, text: string])[] = [
    ["covers", covers.join("; ")],
    ["edges", `${edges}${edgesStart === "later" ? ", which are started later" : ""}`],
    ["jobs", list(jobs.map((job) => `[${job}](../pipelines/${job})`))],
    ["raises, where it is less", list(raised)],
    ["needs", list(needs ?? [])],
    ["expected", expectations(scenario, fixes)],
    ["with `--avoid same-job`", sameJob(scenario, fixes)],
    ["nothing helps beside", list((scenario.spoiledBy ?? []).map((fix) => `\`${fix}\``))],
    [
      "does without",
      Object.entries(excepts)
        .map(([invariant, reason]) => `invariant ${invariant}: ${reason}`)
        .join("; "),
    ],
    ["source", `[scenarios/${id}.ts](../scenarios/${id}.ts)`],
  ];
  return [
    "",
    `## ${id}`,
    "",
    claim,
    "",
    ...facts.filter(([, text]) => text !== "").map(([name, text]) => `- ${name}: ${text}`),
    "",
    "```sh",
    `npx --yes pnpm@12 repro ${id} --timing fast`,
    "```",
  ];
}

/** By outcome, so that what differs shows: `violated L1` under …; `held` under …. */
function expectations(scenario: Scenario, fixes: readonly string[], avoid?: "same-job"): string {
  const byOutcome = Map.groupBy(fixes, (fix) => expected(scenario, fix, avoid));
  if (byOutcome.size === 1)
    return `${fixes.map((fix) => expected(scenario, fix, avoid))[0] ?? ""} under each fix`;
  return [...byOutcome]
    .map(([outcome, own]) => `${outcome} under ${list(own.map((fix) => `\`${fix}\``))}`)
    .join("; ");
}

function sameJob(scenario: Scenario, fixes: readonly string[]): string {
  return scenario.ifSameJobAvoided === undefined ? "" : expectations(scenario, fixes, "same-job");
}

function expected(scenario: Scenario, fix: string, avoid?: "same-job"): string {
  return expectationFor(scenario, fix, avoid) ?? "not known";
}

function shortly(outcome: string): string {
  return outcome.replace("held", "H").replace("violated", "V");
}
