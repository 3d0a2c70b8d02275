import type { Command } from "commander";
import type { Selector } from "../model/job.ts";
import type { WireExecution, WireHistoryEntry, WireJob } from "../protocol/http.ts";
import type { Api } from "./api.ts";
import type { Cli } from "./cli.ts";
import { CliError } from "./cli-error.ts";
import { executionColumns, loadNames } from "./execution-view.ts";
import { shortId } from "./find.ts";
import { findJobId } from "./find-ids.ts";
import { addListFlags, hasLabels, renderList, take, takeAll, type ListFlags } from "./lists.ts";
import { renderFacts, renderLabels, type Column } from "./table.ts";

/** The commands about jobs that are there; those that read a job file are in `job-file-commands.ts`. */
export function addJobCommands(group: Command, cli: Cli): void {
  addListFlags(group.command("list").alias("ls"))
    .description("the jobs, and their state")
    .addHelpText(
      "after",
      "\nExamples:\n  expanso-cli job list\n  expanso-cli job list --label env=prod --format json",
    )
    .action(async (flags: ListFlags) => {
      const jobs = cli.connect().list<WireJob>("/jobs");
      const { items, isCut } = await take(jobs, flags, (job) => hasLabels(job.spec.labels, flags.label));
      await cli.print(items, () => renderList(cli, "jobs", jobColumns(cli), items, isCut));
    });

  group
    .command("describe <job>")
    .description("all about one job, and its executions")
    .addHelpText(
      "after",
      "\nExamples:\n  expanso-cli job describe test-heartbeat\n  expanso-cli job describe j-1a2b3c4d",
    )
    .action(async (wanted: string) => {
      const api = cli.connect();
      const id = await findJobId(api, wanted);
      const { job } = await api.call<{ job: WireJob }>("GET", `/jobs/${id}`);
      await cli.print(job, () => describeJob(cli, api, job));
    });

  group
    .command("stop <job>")
    .description("stop a job everywhere; it stays known, and can be deployed again")
    .action((wanted: string) => act(wanted, "POST", "/stop", "stopping"));
  group
    .command("rerun <job>")
    .description("start a job again everywhere, as a new version")
    .action((wanted: string) => act(wanted, "PUT", "/rerun", "deployed again"));
  group
    .command("delete <job>")
    .alias("rm")
    .description("forget a job that was stopped")
    .option("--yes", "taken for granted; accepted for scripts that say it")
    .action((wanted: string) => act(wanted, "DELETE", "", "deleted"));

  group
    .command("history <job>")
    .description("what happened to a job, oldest first")
    .action(async (wanted: string) => {
      const api = cli.connect();
      const entries = await takeAll(
        api.list<WireHistoryEntry>(`/jobs/${await findJobId(api, wanted)}/history`),
      );
      await cli.print(entries, () => renderList(cli, "events", HISTORY_COLUMNS, entries, false));
    });

  group
    .command("logs <job>")
    .description("not in this build")
    .option("--follow", "not in this build")
    .action((wanted: string) => {
      const nextStep = 'a pipeline\'s output is in the log of its edge, e.g. "docker logs edge1-debug"';
      throw new CliError(1, `this build does not collect the output of jobs such as ${wanted}; ${nextStep}`);
    });

  async function act(
    wanted: string,
    method: "POST" | "PUT" | "DELETE",
    path: string,
    done: string,
  ): Promise<void> {
    const api = cli.connect();
    const id = await findJobId(api, wanted);
    const answer = await api.call(method, `/jobs/${id}${path}`);
    await cli.print(answer, () => `Job ${wanted} ${done}\n`);
  }
}

function jobColumns(cli: Cli): readonly Column<WireJob>[] {
  const wide = cli.flags.wide === true;
  return [
    { title: "ID", cell: ({ id }) => (wide ? id : shortId(id)) },
    { title: "NAME", cell: ({ spec }) => spec.name },
    { title: "TYPE", cell: ({ spec }) => spec.type },
    { title: "VERSION", cell: ({ status }) => String(status.version) },
    { title: "STATE", cell: ({ status }) => status.state.state_type, isState: true },
    { title: "LABELS", cell: ({ spec }) => renderLabels(spec.labels), isWide: true },
    { title: "UPDATED", cell: ({ status }) => status.updated_at, isWide: true },
    { title: "MESSAGE", cell: ({ status }) => status.state.message },
  ];
}

const HISTORY_COLUMNS: readonly Column<WireHistoryEntry>[] = [
  { title: "TIME", cell: ({ time }) => time },
  { title: "EVENT", cell: ({ event }) => event },
  {
    title: "DETAILS",
    cell: ({ details }) =>
      Object.entries(details)
        .map(([name, value]) => `${name}=${value}`)
        .join(" "),
  },
];

async function describeJob(cli: Cli, api: Api, job: WireJob): Promise<string> {
  const { spec, status } = job;
  const facts = renderFacts(
    [
      ["Name", spec.name],
      ["ID", job.id],
      ["Type", spec.type],
      ["Description", spec.description],
      ["Version", String(status.version)],
      ["State", status.state.state_type],
      ["Message", status.state.message || undefined],
      ["Runs on", renderSelector(spec.selector)],
      ["Restart policy", spec.restart_policy],
      ["Priority", String(spec.priority)],
      ["Labels", renderLabels(spec.labels)],
      ["Created", status.created_at],
      ["Updated", status.updated_at],
    ],
    cli.style,
  );
  const executions = await takeAll(api.list<WireExecution>(`/jobs/${job.id}/executions`));
  const columns = executions.length === 0 ? [] : executionColumns(cli, await loadNames(api));
  return `${facts}\n${renderList(cli, "executions", columns, executions, false)}`;
}

function renderSelector(selector: Selector): string {
  const parts = [
    ...selector.match_ids.map((id) => `id ${id}`),
    ...Object.entries(selector.match_labels).map(([name, value]) => `${name}=${value}`),
    ...selector.match_expressions,
  ];
  return parts.length === 0 ? "every node" : `nodes with ${parts.join(" and ")}`;
}
