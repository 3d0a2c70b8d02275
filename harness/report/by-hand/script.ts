import { LABELS, PROJECT } from "../../engines/docker/labels.ts";
import { type ByHand, type ClusterShape, isEdge } from "../../systems/system.ts";
import type { EntryOf } from "../../timeline/entry.ts";
import { LOSS_NAMES } from "../../vocabulary.ts";
import { commandsFor, foundLines, lookOut } from "./commands.ts";
import { containerFunctions, networkLines, settingsOf, type Containers } from "./containers.ts";
import { foundIn, type Found } from "./found.ts";
import { baseFunctions } from "./functions.ts";
import { claimOf, settingOf, untilTheClaim, type RunRecord } from "./record.ts";
import { calledBy, comment, quote, say } from "./shell.ts";
import { machinesAfter, machinesIn, stepsOf, type Step } from "./steps.ts";

/** On top of W, what anything may take that is merely waited for; as in the harness. */
const PATIENCE_S = 30;

/**
 * `repro.sh`: what a run did, as `docker` and CLI commands in one bash script. It shows in the end what there is to
 * see, and exits with 0 if that is what the run found, 1 if not, and 2 where the run found nothing.
 */
export function reproScript(record: RunRecord, byHand: ByHand): string {
  const claim = claimOf(record);
  const timeline = untilTheClaim(record);
  const steps = stepsOf(timeline);
  const windowS = Math.ceil((claim?.windowMs ?? 0) / 1_000);
  const containers = containersOf(record, steps);
  const found = claim && foundIn(timeline, { jobId: claim.job, stuck: claim.stuck, sinceMs: claim.sinceMs });
  const limitS = windowS + PATIENCE_S;
  const body = [
    ...stepLines(steps, record, { byHand, limitS }),
    ...(claim === undefined || found === undefined ? [] : claimLines(claim, found, byHand)),
    ...endLines(record, { byHand, found, machines: machinesAfter(steps) }),
  ];
  const network = networkLines(containers);
  const library = { ...baseFunctions(), ...containerFunctions(containers), ...byHand.functions };
  const checks = imageCheck(containers);
  return [
    ...headLines(record),
    "set -euo pipefail",
    "export LC_ALL=C",
    "",
    "# How the orchestrator is set. Each can be changed from outside: NAME=value bash repro.sh",
    ...settingsOf(containers),
    "# In seconds. W: what a correct system needs at the most, at this pace. LIMIT: when anything else is given up.",
    `W=\${W:-${windowS}}`,
    `LIMIT=\${LIMIT:-${limitS}}`,
    "KEEP=${KEEP:-0}",
    "",
    "RUN=repro-by-hand-$(date +%Y%m%d-%H%M%S)-$$",
    `PROJECT=${LABELS.project}=${PROJECT}`,
    `LABEL=${LABELS.run}=$RUN`,
    ...calledBy([...checks, ...network, ...body, "clean_up"], library).flatMap((text) => ["", text]),
    "",
    ...checks,
    "trap clean_up EXIT",
    "trap 'exit 130' INT",
    "trap 'exit 143' TERM",
    ...network,
    ...body,
    "",
  ].join("\n");
}

function headLines(record: RunRecord): string[] {
  const { result } = record;
  const loss = result.loss === null ? "" : `, ${result.loss} ${LOSS_NAMES[result.loss]}`;
  const [first = "", ...more] = result.because.split("; ");
  const text = [
    "",
    `${result.scenario}, by hand`,
    "",
    `Claim  ${result.claim}`,
    `Found  ${result.verdict.toUpperCase()}${loss}: ${first}`,
    ...more.map((part) => `       ${part}`),
    `Run    ${settingOf(record)}`,
    "",
    "What that run did, as plain docker and CLI commands. It shows in the end what there is to see; its exit code is 0",
    "if that is what the run found, 1 if it is not, 2 if the run found nothing.",
    "",
    "  bash repro.sh          needs bash and docker, and the images that `pnpm repro images` builds",
    "  KEEP=1 bash repro.sh   leaves the containers, to look around",
  ];
  return ["#!/usr/bin/env bash", ...comment(text.join("\n"))];
}

function containersOf({ result, system }: RunRecord, steps: readonly Step[]): Containers {
  const { edges, knobs: timing, fix, avoid } = result;
  const shape: ClusterShape = { edges, timing, fix, avoid };
  const used = machinesIn(steps);
  const first = system.machines(shape).filter(({ name }) => used.includes(name));
  const joined = used.filter((name) => first.every((machine) => machine.name !== name));
  return {
    machines: [...first, ...joined.map((name) => system.edgeMachine(name, shape))],
    tags: new Map(system.images.map(({ key, tag }) => [key, tag])),
    hasAddresses: steps.some(({ act }) => act.do === "cut"),
    settings: system.looksLeaveLinesOn,
  };
}

function imageCheck({ machines, tags }: Containers): string[] {
  const images = new Set(machines.map(({ image }) => tags.get(image) ?? image));
  return [
    "docker info >/dev/null",
    `for image in ${[...images].map(quote).join(" ")}; do`,
    '  docker image inspect "$image" >/dev/null 2>&1 || give_up "there is no image $image: build it with \\`pnpm repro images\\`"',
    "done",
  ];
}

/** Only deeds are counted: what is waited for belongs to the one before. */
function stepLines(
  steps: readonly Step[],
  { timeline, system, jobFiles }: RunRecord,
  at: { readonly byHand: ByHand; readonly limitS: number },
): string[] {
  const terms = {
    ...at,
    timeline,
    jobFile: (name: string) => jobFiles.get(name)?.text ?? "",
    orchestrator: system.looksLeaveLinesOn,
    broker: system.brokerMachine,
  };
  let number = 0;
  return steps.flatMap((step) => {
    const { note, lines } = commandsFor(step, terms);
    if (step.kind !== "deed")
      return ["", ...comment(note === "" ? step.title : `${step.title}. ${note}`), ...lines];
    number += 1;
    return ["", ...(note === "" ? [] : comment(note)), `step ${say(`${number}. ${step.title}`)}`, ...lines];
  });
}

function claimLines(
  { what, held, watchedMs }: EntryOf<"claim">,
  found: Found,
  { anyChange }: ByHand,
): string[] {
  const wait =
    watchedMs !== undefined
      ? `sleep ${Math.ceil(watchedMs / 1_000)} # so long that everything has timed out that can`
      : held
        ? `(LIMIT=$W && ${lookOut({ ...anyChange, check: "same" })}) || true`
        : 'sleep "$W" # all of W: only after that a correct system would have done it';
  return [
    "",
    ...comment(`The claim: ${what}. The run found this:`),
    ...foundLines(found),
    `step ${say(`claim: ${what}`)}`,
    wait,
    "now=$(seen)",
  ];
}

function endLines(
  record: RunRecord,
  at: { readonly byHand: ByHand; readonly found: Found | undefined; readonly machines: readonly string[] },
): string[] {
  const { result } = record;
  const [seen = ""] = result.because.split("; ");
  const isComparable = at.found !== undefined && at.found.lines.length > 0;
  return [
    "",
    "step 'what there is to see'",
    ...(at.machines.length === 0
      ? ["echo 'The run did nothing.'"]
      : at.byHand.evidence({ jobs: at.found?.jobs ?? [], edges: at.machines.filter(isEdge(record.system)) })),
    "",
    `printf '\\n%s\\n' ${say(`The run found its claim ${result.verdict}: ${seen}`)}`,
    ...(isComparable
      ? [
          'if [ "$now" != "$found" ]; then echo "Now it is otherwise (<: in the run, >: now):" && diff <(echo "$found") <(echo "$now"); fi',
          "printf 'So it is now:\\n%s\\n' \"$found\"",
        ]
      : ["echo 'There is nothing that could be compared.'", "exit 2"]),
  ];
}
