import type { Finding, Sabotage } from "./sabotage.ts";

const INTRODUCTION = `
<!-- Made from tests/sabotage/table by tests/sabotage/sabotage.test.ts; \`vitest run tests/sabotage -u\` makes it anew. -->

# Sabotage

A check that cannot fail proves nothing. So everything that the harness checks is broken here once, on purpose: some part
of the control plane, or of the engine, is swapped for a broken one, and the scenario is run in simulation, in fast timing.
The same run without the break comes out as the catalogue expects; with it, the break has to be found, for the reason
given here and no other. One that is not found has survived, and fails the build (\`tests/sabotage/\`, a part of
\`pnpm test\`).

A scenario, a loss or an invariant without a sabotage fails the build as well. To add one: an entry in a file of
\`tests/sabotage/table/\`; what can be broken is listed in \`breakable.ts\`, and the control plane knows nothing of it.

One break is known that nothing sees: an engine whose cut cuts nothing, in \`brief-disconnect\`. A cut shorter than a
heartbeat leaves no trace but the engine's own word, whether or not it bites.
`;

/** `docs/sabotage.md`, not formatted yet. */
export function sabotageDocument(sabotages: readonly Sabotage[]): string {
  const of = <K extends Finding["kind"]>(kind: K) =>
    sabotages.flatMap((sabotage) =>
      sabotage.finds.kind === kind
        ? [{ ...sabotage, finds: sabotage.finds as Extract<Finding, { kind: K }> }]
        : [],
    );
  const run = ({ scenario, fix }: Sabotage) => `\`${scenario}\`${fix === "none" ? "" : `, fix \`${fix}\``}`;
  return [
    INTRODUCTION.trim(),
    "## Claims",
    "Held without the break, violated with it; and the loss that the evidence names, if it names one.",
    table(
      ["scenario", "what is broken", "loss", "sabotage"],
      of("claim").map((s) => [run(s), s.broken, s.finds.loss ?? "none", s.id]),
    ),
    "## Losses",
    "The message is lost either way, but not in the same way: a loss is named from evidence, and not by the scenario.",
    table(
      ["loss", "scenario", "what is broken", "named instead", "sabotage"],
      of("loss").map((s) => [s.finds.not, run(s), s.broken, s.finds.but ?? "none", s.id]),
    ),
    "## Invariants",
    "The claim is met all the same, all other invariants hold, and the verdict is violated.",
    table(
      ["invariant", "scenario", "what is broken", "what is told of it", "sabotage"],
      of("invariant").map((s) => [`${s.finds.id}`, run(s), s.broken, `“${s.finds.seen}”`, s.id]),
    ),
    "## Doubts",
    "The run can no longer tell: unknown, which is never a pass.",
    table(
      ["scenario", "what is broken", "why it is unknown", "sabotage"],
      of("doubt").map((s) => [run(s), s.broken, `“${s.finds.because}”`, s.id]),
    ),
    "## Log contract",
    "Judged by states alone, and that is said.",
    table(
      ["scenario", "what is broken", "missing", "sabotage"],
      of("states-alone").map((s) => [run(s), s.broken, `\`${s.finds.missing}\``, s.id]),
    ),
  ].join("\n\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
