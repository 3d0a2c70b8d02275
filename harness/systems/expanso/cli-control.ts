import { z } from "zod";
import type { ExecResult, Stack } from "../../engines/engine.ts";
import type { ExecutionSeen, JobSeen, NodeSeen } from "../../vocabulary.ts";
import { ControlError, type SystemControl } from "../system.ts";
import { admits, selector, type Labelled } from "./selector.ts";
import { nodeSubject } from "./broker-record.ts";
import { BROKER_URL, ORCHESTRATOR } from "./machines.ts";
import { describedJob, runRequest, stopRequest } from "./requests.ts";

/** Asks and tells the orchestrator through `expanso-cli` in its own machine, as a user would. */
export function createCliControl(stack: Stack): SystemControl {
  return {
    deploy: async (file, { force }) => {
      const words = ["job", "deploy", "-", ...(force ? ["--force"] : []), "--format", "json"];
      const answer = await cli(words, file.text);
      const { job } = parse(deployed, answer, "job deploy");
      return { jobId: job.id, jobName: job.spec.name, version: job.status.version };
    },
    stopJob: async (jobId) => {
      await cli(["job", "stop", jobId]);
    },
    look: async () => {
      // Three questions at once; each answer is true of its own moment.
      const [nodes, jobs, executions] = await Promise.all([
        list(["node", "list"], node),
        list(["job", "list"], job),
        list(["execution", "list"], execution),
      ]);
      const candidates = nodes.map(labelled);
      return {
        nodes: nodes.map(nodeSeen),
        jobs: jobs.map((each) => jobSeen(each, candidates)),
        executions: executions.map(executionSeen),
      };
    },
    nodes: async () => (await list(["node", "list"], node)).toSorted(byAge).map(nodeSeen),
    runningOn: async (edge) => {
      const result = await stack.machine(edge).exec(["expanso-edge", "executions", "--format", "json"]);
      return parse(
        z.array(running),
        stdoutOf(result, `expanso-edge executions on ${edge}`),
        "executions",
      ).map((entry) => entry.execution_id);
    },
    deliver: async (remedy) => {
      if (remedy.do === "publish") return await publish(remedy.subject, remedy.payload);
      if (remedy.do === "retire") {
        const why = ["--yes", "--force", "--reason", "a ghost, removed by hand"];
        return void (await cli(["node", "delete", remedy.nodeId, ...why]));
      }
      const { execution, command } = remedy;
      await publish(
        nodeSubject(execution.nodeId),
        command === "stop" ? stopRequest(execution) : runRequest(execution, await describe(execution)),
      );
    },
  };

  async function describe({ jobId, jobVersion }: ExecutionSeen) {
    const words = ["job", "describe", jobId, "--format", "json"];
    const told = parse(describedJob, await cli(words), "job describe");
    if (told.status.version === jobVersion) return told;
    throw new ControlError(
      `job describe ${jobId}: tells of version ${told.status.version}, not of ${jobVersion}`,
    );
  }

  /** With the program that is in the orchestrator's image for this. */
  async function publish(subject: string, payload: string): Promise<void> {
    const argv = ["nats-publish", BROKER_URL, subject];
    const result = await stack.machine(ORCHESTRATOR).exec(argv, { stdin: payload });
    stdoutOf(result, argv.join(" "));
  }

  async function list<T>(words: readonly string[], shape: z.ZodType<T>): Promise<T[]> {
    const text = await cli([...words, "--limit", "100000", "--format", "json"]);
    // The real CLI says this even when asked for JSON, and may end with a line of its own (spec 2-contract).
    if (/^No \w+ found/.test(text)) return [];
    return parse(z.array(shape), text.replace(/^Showing .*$/m, ""), words.join(" "));
  }

  async function cli(words: readonly string[], stdin?: string): Promise<string> {
    const result = await stack
      .machine(ORCHESTRATOR)
      .exec(["expanso-cli", ...words], stdin === undefined ? {} : { stdin });
    return stdoutOf(result, `expanso-cli ${words.join(" ")}`);
  }
}

function stdoutOf(result: ExecResult, command: string): string {
  if (result.exitCode === 0) return result.stdout.trim();
  const said = (result.stderr || result.stdout).trim();
  throw new ControlError(`${command}: exit ${result.exitCode}: ${said || "no output"}`, { said });
}

function parse<T>(shape: z.ZodType<T>, text: string, command: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ControlError(`${command}: the answer is not JSON: ${text.slice(0, 200)}`);
  }
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ControlError(`${command}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "does not fit"}`);
}

const node = z.object({
  id: z.string(),
  spec: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).nullish() }),
  status: z.object({
    connection_state: z.string(),
    data_plane: z.string().optional(),
    created_at: z.string().optional(),
  }),
});
const job = z.object({
  id: z.string(),
  spec: z.object({ name: z.string(), selector: selector.nullish() }),
  status: z.object({ state: z.object({ state_type: z.string(), message: z.string() }), version: z.number() }),
});
const state = z.object({ state_type: z.string() });
const execution = z.object({
  id: z.string(),
  job_id: z.string(),
  job_version: z.number(),
  node_id: z.string(),
  // Older builds say `compute_state` (spec 2-contract, "Objects").
  status: z.object({
    desired_state: state,
    observed_state: state.optional(),
    compute_state: state.optional(),
  }),
});
const deployed = z.object({ job });
const running = z.object({ execution_id: z.string() });

function nodeSeen({ id, spec, status }: z.infer<typeof node>): NodeSeen {
  const ready = status.data_plane === undefined ? undefined : status.data_plane === "ready";
  return { id, name: spec.name, connection: status.connection_state.toLowerCase(), ready };
}

/** The oldest first; where the system does not tell, as it lists them. */
function byAge(one: z.infer<typeof node>, other: z.infer<typeof node>): number {
  return Date.parse(one.status.created_at ?? "") - Date.parse(other.status.created_at ?? "") || 0;
}

function labelled({ id, spec }: z.infer<typeof node>): Labelled {
  return { id, labels: spec.labels ?? {} };
}

function jobSeen({ id, spec, status }: z.infer<typeof job>, nodes: readonly Labelled[]): JobSeen {
  const { state_type: type, message } = status.state;
  return {
    id,
    name: spec.name,
    version: status.version,
    state: type.toLowerCase(),
    message,
    admits: admits(spec.selector ?? {}, nodes),
  };
}

function executionSeen({
  id,
  job_id,
  job_version,
  node_id,
  status,
}: z.infer<typeof execution>): ExecutionSeen {
  const observed = status.observed_state ?? status.compute_state;
  return {
    id,
    jobId: job_id,
    jobVersion: job_version,
    nodeId: node_id,
    desired: status.desired_state.state_type.toLowerCase(),
    observed: observed?.state_type.toLowerCase() ?? "unknown",
  };
}
