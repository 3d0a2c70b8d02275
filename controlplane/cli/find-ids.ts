import type { WireExecution, WireJob, WireNode } from "../protocol/http.ts";
import type { Api } from "./api.ts";
import { observedState } from "./execution-view.ts";
import { findOne, isFullId } from "./find.ts";
import { takeAll } from "./lists.ts";

/*
 * The API takes ids; people have names and the beginnings of ids. A whole id is believed, so that it costs no
 * request; anything else is looked up. All throw CliError if nothing, or more than one thing, is meant.
 */

export async function findNodeId(api: Api, wanted: string): Promise<string> {
  if (isFullId(wanted)) return wanted;
  const nodes = await takeAll(api.list<WireNode>("/nodes"));
  return findOne("node", nodes, wanted, ({ id, spec, status }) => ({
    id,
    name: spec.name,
    state: status.connection_state,
  })).id;
}

export async function findJobId(api: Api, wanted: string): Promise<string> {
  if (isFullId(wanted)) return wanted;
  const jobs = await takeAll(api.list<WireJob>("/jobs"));
  return findOne("job", jobs, wanted, ({ id, spec, status }) => ({
    id,
    name: spec.name,
    state: status.state.state_type,
  })).id;
}

export async function findExecutionId(api: Api, wanted: string): Promise<string> {
  if (isFullId(wanted)) return wanted;
  const executions = await takeAll(api.list<WireExecution>("/executions"));
  return findOne("execution", executions, wanted, (execution) => ({
    id: execution.id,
    state: observedState(execution).state_type,
  })).id;
}
