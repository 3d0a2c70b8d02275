import { stripVTControlCharacters } from "node:util";
import { ControlError } from "../system.ts";
import type { Lists } from "./cli-answers.ts";

/** One line of a table, by the titles of its columns in lower case. */
export type Row = Readonly<Record<string, string>>;

/**
 * Reads a table for people: titles in the first line, each cell under its title. Footers, rules between lines and
 * colours are left out. Undefined where there is no such table.
 */
export function readTable(text: string): readonly Row[] | undefined {
  const lines = stripVTControlCharacters(text)
    .split("\n")
    .filter((line) => /[A-Za-z0-9]/.test(line) && !/^\s*Showing\b/i.test(line));
  const [head, ...rest] = lines;
  if (head === undefined || /^\s*No \w+( \w+)* found\.?\s*$/i.test(head)) return [];
  const split = /[|│]/.test(head) ? byRules : byPlaces(head);
  const titles = split(head).map((title) => title.toLowerCase());
  if (titles.length < 2) return undefined;
  return rest.map((line) => {
    const cells = split(line);
    return Object.fromEntries(titles.map((title, at) => [title, cells[at] ?? ""]));
  });
}

function byRules(line: string): string[] {
  return line
    .replaceAll(/^\s*[|│]|[|│]\s*$/g, "")
    .split(/[|│]/)
    .map((cell) => cell.trim());
}

/** Titles are at least two spaces apart: one may be within a title. */
function byPlaces(head: string): (line: string) => string[] {
  const starts = [...head.matchAll(/\S+(?: \S+)*/g)].map((title) => title.index);
  return (line) => starts.map((start, at) => line.slice(at === 0 ? 0 : start, starts[at + 1]).trim());
}

/** What the tables of nodes, jobs and executions show, as far as they show it, in the shape of the JSON. */
export function listsFromTables(tables: {
  readonly nodes: readonly Row[];
  readonly jobs: readonly Row[];
  readonly executions: readonly Row[];
}): Lists {
  const nodes = nodesFromTable(tables.nodes);
  const versionOf = versionsIn(tables);
  const jobs = tables.jobs.map((row) => ({
    id: cell("job list", row, ["id", "job id"]),
    spec: { name: cell("job list", row, ["name", "job"]) },
    status: {
      state: { state_type: cell("job list", row, ["state", "status"]), message: row["message"] },
      version: versionOf(row),
    },
  }));
  const said = (row: Row, titles: readonly string[]) => cell("execution list", row, titles);
  const executions = tables.executions.map((row) => ({
    id: said(row, ["id", "execution id"]),
    job_id: theOne("job", said(row, ["job", "job id", "job name"]), jobs),
    job_version: versionOf(row),
    node_id: theOne("node", said(row, ["node", "node id", "node name"]), nodes),
    status: {
      desired_state: said(row, ["desired", "desired state"]).toLowerCase(),
      observed_state: said(row, ["state", "observed", "observed state", "compute state"]).toLowerCase(),
    },
  }));
  return { nodes, jobs, executions };
}

export function nodesFromTable(rows: readonly Row[]): Lists["nodes"] {
  const said = (row: Row, titles: readonly string[]) => cell("node list", row, titles);
  return rows.map((row) => ({
    id: said(row, ["id", "node id"]),
    spec: { name: said(row, ["name", "node", "node name"]) },
    status: {
      connection_state: said(row, ["state", "status", "connection", "connection state"]).toLowerCase(),
      ...(row["data plane"] === undefined ? {} : { data_plane: row["data plane"] }),
    },
  }));
}

const VERSION = ["version", "job version"];

/** Versions are compared with each other: where one table does not tell them, they count as the same. */
function versionsIn({
  jobs,
  executions,
}: {
  readonly jobs: readonly Row[];
  readonly executions: readonly Row[];
}) {
  const rows = [...jobs, ...executions];
  const isTold = rows.every((row) => VERSION.some((title) => /^v?\d+$/i.test(row[title] ?? "")));
  return (row: Row): number =>
    isTold
      ? Number(
          VERSION.map((title) => row[title])
            .find(Boolean)
            ?.replace(/^v/i, ""),
        )
      : 0;
}

/** @throws ControlError naming the titles that the table has. */
function cell(command: string, row: Row, titles: readonly string[]): string {
  const title = titles.find((candidate) => row[candidate] !== undefined);
  if (title !== undefined) return row[title] ?? "";
  throw new ControlError(
    `${command}: the table has no column ${titles.join(" or ")}; it has ${Object.keys(row).join(", ")}`,
  );
}

/** Tables shorten ids, and say names in their place. */
function theOne(
  what: string,
  said: string,
  among: readonly { readonly id: string; readonly spec: { readonly name: string } }[],
): string {
  const byId = among.filter(({ id }) => id === said);
  const byName = among.filter(({ spec }) => spec.name === said);
  const byPart = among.filter(({ id }) => said !== "" && (id.startsWith(said) || said.startsWith(id)));
  const found = [byId, byName, byPart].find((some) => some.length > 0) ?? [];
  if (found.length < 2) return found[0]?.id ?? said;
  throw new ControlError(
    `execution list: the table says ${what} ${said}, and ${found.length} are called so; only JSON tells them apart`,
  );
}
