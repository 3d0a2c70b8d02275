import { sayProof } from "../say-proof.ts";
import { clockTime } from "../../timeline/clock-time.ts";
import type { EntryOf } from "../../timeline/entry.ts";
import { ofKind } from "../../timeline/timeline.ts";
import { sayDuration, writeDuration } from "../../timing/duration.ts";
import { LOSS_NAMES, type ClusterSeen } from "../../vocabulary.ts";
import { foundIn } from "./found.ts";
import { claimOf, settingOf, untilTheClaim, type RunRecord } from "./record.ts";
import { stepsOf } from "./steps.ts";

/** As many log lines as somebody may want to read in an issue. */
const MOST_LINES = 40;

/** `issue.md`: what a run found, ready to be pasted into an issue. */
export function issueText(record: RunRecord): string {
  const { result } = record;
  return [
    `# ${titleOf(record)}`,
    "",
    `**What should happen.** ${result.claim}`,
    "",
    `**What happens.** ${result.verdict.toUpperCase()}, expected: ${result.expected}.`,
    "",
    ...result.because.split("; ").map((part) => `- ${part}`),
    ...section("Where", setting(record)),
    ...section("Steps", steps(record)),
    ...section("Witnesses", witnesses(record)),
    ...section("Paths", paths(record)),
    ...section("Log", causalLines(record)),
    ...section("States", states(record)),
    ...section("Checked as well", checks(record)),
    ...section("See it again", [
      ...fenced([withoutFolders(result.replay)], "sh"),
      "",
      "Or, without the harness, `bash repro.sh`, which lies beside this file.",
    ]),
    "",
  ].join("\n");
}

function titleOf({ result }: RunRecord): string {
  const [seen = ""] = result.because.split("; ");
  const what = result.loss === null ? result.verdict : `${result.loss} ${LOSS_NAMES[result.loss]}`;
  return `${result.scenario}: ${what}: ${seen}`;
}

function setting(record: RunRecord): string[] {
  const { result, surroundings, system } = record;
  const knobs = Object.entries(result.knobs).map(([knob, ms]) => `${knob} ${writeDuration(ms)}`);
  const claim = claimOf(record);
  return table(
    ["", ""],
    [
      ["harness", surroundings.harness],
      ["host", surroundings.host],
      ["engine", result.simulated ? `${result.engine}, seed ${result.seed}` : result.engine],
      ["system", [system.name, ...surroundings.images].join("<br>")],
      ["timing", `${result.timing}: ${knobs.join(", ")}`],
      ...(claim === undefined ? [] : [["W", sayDuration(claim.windowMs)]]),
      ["fix", result.fix],
      ["avoid", result.avoid],
      ["edges", String(result.edges)],
      ["run", settingOf(record).split(" · ")[0] ?? ""],
    ],
  );
}

/** Numbered deeds; what was waited for, and what had to be so, below each. */
function steps(record: RunRecord): string[] {
  let number = 0;
  const lines = stepsOf(untilTheClaim(record)).map(({ kind, title, entry }) => {
    if (kind === "deed") return `${(number += 1)}. ${title} (at ${clockTime(entry)})`;
    const seen = entry.kind === "premise" ? entry.seen : (entry.outcome ?? "");
    return `   - ${title}${seen === "" ? "" : `: ${seen}`}`;
  });
  const claim = claimOf(record);
  if (claim === undefined) return lines;
  const outcome = claim.held ? "so it is" : "it is not";
  return [...lines, `${number + 1}. ${claim.what}: ${outcome}, at ${clockTime(claim)}`];
}

function witnesses({ result }: RunRecord): string[] {
  return result.witnesses.flatMap(({ source, text, line }, index) => [
    ...(index === 0 ? [] : [""]),
    `**${source}** ${text}`,
    ...(line === undefined || line === "" ? [] : ["", ...fenced([line])]),
  ]);
}

function paths({ result }: RunRecord): string[] {
  const byName = Map.groupBy(result.paths, ({ name }) => name);
  return [...byName].map(([name, matches]) => {
    const { means, source } = matches[0] ?? { means: "", source: "" };
    const times = matches.length === 1 ? "" : `, ${matches.length} times`;
    return `- \`${name}\`${times}: ${means} (${source})`;
  });
}

/** What was logged of the jobs and executions in question, verbatim. */
function causalLines(record: RunRecord): string[] {
  const claim = claimOf(record);
  const told = new Set(record.system.patterns.filter(({ tell }) => tell).map(({ name }) => name));
  const stuck = new Set(claim?.stuck.map(({ id }) => id));
  const jobs = new Set([claim?.job, ...(claim?.stuck ?? []).map(({ jobId }) => jobId)]);
  const isCausal = ({ pattern, fields }: EntryOf<"log">) =>
    stuck.has(fields["execution_id"] ?? "") ||
    (told.has(pattern) && (fields["job_id"] === undefined || jobs.has(fields["job_id"])));
  const lines = ofKind(untilTheClaim(record), "log")
    .filter(isCausal)
    .map((entry) => entry.text);
  if (lines.length === 0) return [];
  const left = lines.length - MOST_LINES;
  return fenced(
    left <= 0
      ? lines
      : [
          ...lines.slice(0, MOST_LINES / 2),
          `… ${left} more, in timeline.jsonl`,
          ...lines.slice(-MOST_LINES / 2),
        ],
  );
}

function states(record: RunRecord): string[] {
  const timeline = untilTheClaim(record);
  const seen = ofKind(timeline, "state").at(-1)?.seen;
  if (seen === undefined) return [];
  const claim = claimOf(record);
  const own = foundIn(timeline, { jobId: undefined, stuck: [], sinceMs: claim?.sinceMs ?? 0 }).lines;
  return [
    ...table(
      ["node", "id", "connection", "data plane"],
      seen.nodes.map(({ name, id, connection, ready }) => [
        name,
        short(id),
        connection,
        ready === undefined ? "" : ready ? "ready" : "not ready",
      ]),
    ),
    "",
    ...table(
      ["job", "version", "state", "message"],
      seen.jobs.map(({ name, version, state, message }) => [name, String(version), state, message]),
    ),
    "",
    ...table(
      ["execution", "job", "node", "observed", "desired"],
      seen.executions.map(({ id, jobId, jobVersion, nodeId, observed, desired }) => [
        short(id),
        `${nameOf(seen.jobs, jobId)} v${jobVersion}`,
        nameOf(seen.nodes, nodeId),
        observed,
        desired,
      ]),
    ),
    ...(own.length === 0 ? [] : ["", ...own.map((line) => `- ${line}`)]),
  ];
}

function checks({ result }: RunRecord): string[] {
  return [
    ...(result.proof === null ? [] : [`- proof, ${sayProof(result.proof)}`]),
    ...result.invariants.map(({ id, name, held, excepted, seen }) => {
      const found = held === null ? "not checked" : held ? "holds" : excepted ? "excepted" : "broken";
      return `- invariant ${id}, ${name}: ${found} (${seen})`;
    }),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `## ${title}`, "", ...lines];
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [row(titles), row(titles.map(() => "---")), ...rows.map(row)];
}

/** Verbatim, whatever it holds. */
function fenced(lines: readonly string[], language = "text"): string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}

/** Where files lie on this machine is of no use to anybody else. */
function withoutFolders(command: string): string {
  return command.replaceAll(/(^|\s)\S*\/(?=[^\s/])/g, "$1");
}

function nameOf(those: ClusterSeen["jobs"] | ClusterSeen["nodes"], id: string): string {
  return those.find((one) => one.id === id)?.name ?? short(id);
}

function short(id: string): string {
  return id.slice(0, 10);
}
