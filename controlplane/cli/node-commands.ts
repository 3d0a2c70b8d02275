import type { Command } from "commander";
import type { WireNode } from "../protocol/http.ts";
import type { Cli } from "./cli.ts";
import { CliError } from "./cli-error.ts";
import { shortId } from "./find.ts";
import { findNodeId } from "./find-ids.ts";
import { addListFlags, hasLabels, renderList, take, type ListFlags } from "./lists.ts";
import { renderFacts, renderLabels, type Column } from "./table.ts";

export function addNodeCommands(group: Command, cli: Cli): void {
  addListFlags(group.command("list").alias("ls"))
    .description("the nodes, and whether they are connected and ready to be sent to")
    .addHelpText(
      "after",
      "\nExamples:\n  expanso-cli node list\n  expanso-cli node list --label env=prod --wide",
    )
    .action(async (flags: ListFlags) => {
      const nodes = cli.connect().list<WireNode>("/nodes");
      const { items, isCut } = await take(nodes, flags, (node) => hasLabels(node.spec.labels, flags.label));
      await cli.print(items, () => renderList(cli, "nodes", nodeColumns(cli), items, isCut));
    });

  group
    .command("describe <node>")
    .description("all about one node; ready only when its data plane is")
    .addHelpText(
      "after",
      "\nExamples:\n  expanso-cli node describe edge1\n  expanso-cli node describe 1a2b3c4d",
    )
    .action(async (wanted: string) => {
      const api = cli.connect();
      const id = await findNodeId(api, wanted);
      const { node } = await api.call<{ node: WireNode }>("GET", `/nodes/${id}`);
      await cli.print(node, () => renderFacts(nodeFacts(node), cli.style));
    });

  group
    .command("delete <node>")
    .description("forget a node; its executions count as failed")
    .option("--yes", "yes, really")
    .option("--reason <text>", "why, for the record", "deleted with expanso-cli")
    .option("--force", "even while it is connected")
    .addHelpText(
      "after",
      '\nExamples:\n  expanso-cli node delete edge1 --yes --reason "machine was scrapped"',
    )
    .action(async (wanted: string, flags: { yes?: boolean; reason: string; force?: boolean }) => {
      if (flags.yes !== true)
        throw new CliError(64, `deleting a node cannot be undone; add --yes if you mean it`);
      const api = cli.connect();
      const id = await findNodeId(api, wanted);
      const body = { force: flags.force ?? false, reason: flags.reason };
      const answer = await api.call("DELETE", `/nodes/${id}`, body);
      await cli.print(answer, () => `Node ${wanted} deleted\n`);
    });
}

function nodeColumns(cli: Cli): readonly Column<WireNode>[] {
  const wide = cli.flags.wide === true;
  return [
    { title: "ID", cell: ({ id }) => (wide ? id : shortId(id)) },
    { title: "NAME", cell: ({ spec }) => spec.name },
    { title: "STATE", cell: ({ status }) => status.connection_state, isState: true },
    { title: "DATA PLANE", cell: dataPlane, isState: true },
    { title: "LABELS", cell: ({ spec }) => renderLabels(spec.labels) },
    { title: "HOST", cell: ({ spec }) => spec.hostname, isWide: true },
    { title: "PLATFORM", cell: ({ spec }) => `${spec.os}/${spec.arch}`, isWide: true },
    { title: "VERSION", cell: ({ spec }) => spec.agent_version, isWide: true },
    { title: "LAST HEARTBEAT", cell: ({ status }) => status.last_heartbeat ?? "-", isWide: true },
    { title: "MESSAGE", cell: ({ status }) => status.message, isWide: true },
  ];
}

function nodeFacts(node: WireNode): readonly (readonly [string, string | undefined])[] {
  const { spec, status } = node;
  return [
    ["Name", spec.name],
    ["ID", node.id],
    ["State", status.connection_state],
    ["Data plane", dataPlane(node)],
    ["Message", status.message || undefined],
    ["Host", spec.hostname],
    ["Platform", `${spec.os}/${spec.arch}`],
    ["Agent version", spec.agent_version],
    ["Labels", renderLabels(spec.labels)],
    ["Last heartbeat", status.last_heartbeat],
    ["Connected since", status.connected_since],
    ["Disconnected since", status.disconnected_since],
    ["Created", status.created_at],
    ["Updated", status.updated_at],
  ];
}

/** The real product's orchestrator does not tell. */
function dataPlane({ status }: WireNode): string {
  return (status as Partial<WireNode["status"]>).data_plane ?? "-";
}
