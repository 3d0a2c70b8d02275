import type { ClusterSeen, ExecutionSeen } from "../vocabulary.ts";

/** So many rows tell enough; inspection shows the rest. */
const ROWS = 8;
const INDENT = "  ";

/** What the orchestrator believes, as tables. `whole`: every row, and every id in full where there is room. */
export function clusterTables(
  seen: ClusterSeen,
  options: { readonly width: number; readonly whole: boolean },
): readonly string[] {
  const id = (text: string) => (options.whole ? text : text.slice(0, SHORT_ID));
  const names = new Map(seen.nodes.map((node) => [node.id, node.name]));
  const jobs = new Map(seen.jobs.map((job) => [job.id, job]));
  const nodes = seen.nodes
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((node) => [node.name, node.connection, readiness(node.ready), id(node.id)]);
  const executions = seen.executions
    .map((execution) => ({
      execution,
      job: jobs.get(execution.jobId)?.name ?? id(execution.jobId),
      node: names.get(execution.nodeId) ?? id(execution.nodeId),
    }))
    .toSorted((a, b) => a.job.localeCompare(b.job) || a.node.localeCompare(b.node))
    .map(({ execution, job, node }) => [
      job,
      node,
      execution.desired,
      execution.observed + (isStuck(execution) ? " <--" : ""),
      id(execution.id),
    ]);
  const cut = (rows: readonly (readonly string[])[]) => (options.whole ? rows : rows.slice(0, ROWS));
  const rest = (rows: readonly unknown[]) =>
    options.whole || rows.length <= ROWS ? [] : [`${INDENT}… and ${rows.length - ROWS} more`];
  return [
    ...table(["NODE", "CONNECTION", "CAN BE SENT TO", "ID"], cut(nodes), options.width),
    ...rest(nodes),
    "",
    ...(seen.jobs.length === 0
      ? [`${INDENT}no jobs`]
      : table(
          ["JOB", "VERSION", "STATE", "MESSAGE"],
          seen.jobs.map((job) => [job.name, String(job.version), job.state, job.message]),
          options.width,
        )),
    ...(executions.length === 0
      ? []
      : ["", ...table(["EXECUTION OF", "ON", "DESIRED", "OBSERVED", "ID"], cut(executions), options.width)]),
    ...rest(executions),
  ];
}

/** Enough to tell one from another; as the story of a run has them. */
const SHORT_ID = 10;

function readiness(ready: boolean | undefined): string {
  return ready === undefined ? "?" : ready ? "yes" : "no";
}

function isStuck({ desired, observed }: ExecutionSeen): boolean {
  return (
    (desired === "running" && observed === "pending") || (desired === "stopped" && observed === "running")
  );
}

/** Columns as wide as their widest cell; in a table that is too wide the last columns are cut off with an ellipsis. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  return [header, ...rows].map((row) => {
    const line = INDENT + row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
    const trimmed = line.trimEnd();
    return trimmed.length <= width ? trimmed : `${trimmed.slice(0, width - 1)}…`;
  });
}
