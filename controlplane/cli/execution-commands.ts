import { Option, type Command } from "commander";
import type { WireExecution } from "../protocol/http.ts";
import type { Api } from "./api.ts";
import type { Cli } from "./cli.ts";
import { executionColumns, jobName, loadNames, nodeName, observedState } from "./execution-view.ts";
import { findExecutionId, findJobId, findNodeId } from "./find-ids.ts";
import { addListFlags, hasLabels, readLimit, renderList, take, type ListFlags } from "./lists.ts";
import { renderFacts } from "./table.ts";

const STATES = ["pending", "running", "completed", "failed", "stopped", "cancelled"];

interface ExecutionFlags extends ListFlags {
  readonly jobId?: string;
  readonly job?: string;
  readonly nodeId?: string;
  readonly state?: string;
  readonly jobVersion?: number;
}

export function addExecutionCommands(group: Command, cli: Cli): void {
  addListFlags(group.command("list").alias("ls"))
    .description("what runs where: the state that the edge reported, and the one that is desired")
    .option("--job-id <job>", "only of this job (name or id)")
    .option("--job <job>", "the same")
    .option("--node-id <node>", "only on this node (name or id)")
    .addOption(new Option("--state <state>", "only in this observed state").choices(STATES))
    .option("--job-version <number>", "only of this version of its job", readLimit)
    .addHelpText(
      "after",
      "\nExamples:\n  expanso-cli execution list --job test-heartbeat\n  expanso-cli execution list --state pending --wide",
    )
    .action((flags: ExecutionFlags) => listExecutions(cli, flags));

  group
    .command("describe <execution>")
    .description("all about one execution")
    .addHelpText("after", "\nExamples:\n  expanso-cli execution describe e-1a2b3c4d")
    .action(async (wanted: string) => {
      const api = cli.connect();
      const id = await findExecutionId(api, wanted);
      const { execution } = await api.call<{ execution: WireExecution }>("GET", `/executions/${id}`);
      await cli.print(execution, () => describeExecution(cli, api, execution));
    });
}

async function listExecutions(cli: Cli, flags: ExecutionFlags): Promise<void> {
  const api = cli.connect();
  const job = flags.jobId ?? flags.job;
  const executions = api.list<WireExecution>("/executions", {
    job_id: job === undefined ? undefined : await findJobId(api, job),
    node_ids: flags.nodeId === undefined ? undefined : [await findNodeId(api, flags.nodeId)],
    states: flags.state === undefined ? undefined : [flags.state],
  });
  const isLabelled = await labelFilter(api, flags);
  const isVersion = ({ job_version }: WireExecution): boolean =>
    flags.jobVersion === undefined || job_version === flags.jobVersion;
  const { items, isCut } = await take(executions, flags, (item) => isVersion(item) && isLabelled(item));
  await cli.print(items, async () => {
    // Nobody's name has to be asked for when there is nothing to show.
    const columns = items.length === 0 ? [] : executionColumns(cli, await loadNames(api));
    return renderList(cli, "executions", columns, items, isCut);
  });
}

/** Executions have no labels of their own: those of their job count. */
async function labelFilter(api: Api, { label }: ListFlags): Promise<(execution: WireExecution) => boolean> {
  if (Object.keys(label).length === 0) return () => true;
  const { jobs } = await loadNames(api);
  return ({ job_id }) => hasLabels(jobs.get(job_id)?.spec.labels ?? {}, label);
}

async function describeExecution(cli: Cli, api: Api, execution: WireExecution): Promise<string> {
  const names = await loadNames(api);
  const { status } = execution;
  const observed = observedState(execution);
  return renderFacts(
    [
      ["ID", execution.id],
      ["Job", `${jobName(execution, names)} (${execution.job_id}), version ${execution.job_version}`],
      ["Node", `${nodeName(execution, names)} (${execution.node_id})`],
      ["State", observed.state_type],
      ["Desired", status.desired_state.state_type],
      ["Message", observed.message || status.desired_state.message || undefined],
      ["Evaluation", execution.eval_id],
      ["Replaces", status.previous_execution_id],
      ["Replaced by", status.next_execution_id],
      ["Created", status.created_at],
      ["Updated", status.updated_at],
    ],
    cli.style,
  );
}
