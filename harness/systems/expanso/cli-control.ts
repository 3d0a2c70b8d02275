import { isMap, parseDocument } from "yaml";
import { z } from "zod";
import type { ExecResult, Stack } from "../../engines/engine.ts";
import type { ExecutionSeen } from "../../vocabulary.ts";
import { ControlError, type JobFile, type SystemControl } from "../system.ts";
import { nodeSubject } from "./broker-record.ts";
import {
  clusterSeen,
  execution,
  itemsIn,
  job,
  node,
  nodesByAge,
  thingIn,
  type Lists,
} from "./cli-answers.ts";
import { listsFromTables, nodesFromTable, readTable, type Row } from "./cli-tables.ts";
import { BROKER_URL, ORCHESTRATOR } from "./machines.ts";
import { describedJob, runRequest, stopRequest } from "./requests.ts";

/** Runs `expanso-cli` with these words to its end. */
export type RunCli = (words: readonly string[], stdin?: string) => Promise<ExecResult>;

/** Asks and tells the orchestrator through `expanso-cli`, in its own machine unless told, as a user would. */
export function createCliControl(stack: Stack, exec: RunCli = onOrchestrator(stack)): SystemControl {
  return {
    deploy: async (file, { force }) => {
      const words = ["job", "deploy", "-", ...(force ? ["--force"] : [])];
      const asked = [...words, "--format", "json"];
      const answer = (await askForJson(asked, file.text)) ?? (await cli(words, file.text));
      const told = job.safeParse(thingIn(answer, "job"));
      const { id, spec, status } = told.success ? told.data : await findDeployed(answer, file);
      return { jobId: id, jobName: spec.name, version: status.version };
    },
    stopJob: async (jobId) => {
      await cli(["job", "stop", jobId]);
    },
    look: async () => clusterSeen(await look()),
    nodes: async () => {
      const told = await list(["node", "list"], node);
      return nodesByAge(told ?? nodesFromTable(await table(["node", "list"])));
    },
    runningOn: async (edge) => {
      const result = await stack.machine(edge).exec(["expanso-edge", "executions", "--format", "json"]);
      const text = stdoutOf(result, `expanso-edge executions on ${edge}`);
      return read(z.array(running), itemsIn(text), text, "executions").map((entry) => entry.execution_id);
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

  async function look(): Promise<Lists> {
    // Three questions at once; each answer is true of its own moment.
    const [nodes, jobs, executions] = await Promise.all([
      list(["node", "list"], node),
      list(["job", "list"], job),
      list(["execution", "list"], execution),
    ]);
    if (nodes && jobs && executions) return { nodes, jobs, executions };
    const tables = await Promise.all(
      ["node", "job", "execution"].map(async (kind) => await table([kind, "list"])),
    );
    const [ofNodes = [], ofJobs = [], ofExecutions = []] = tables;
    return listsFromTables({ nodes: ofNodes, jobs: ofJobs, executions: ofExecutions });
  }

  /** Of a build that answers a deployment in words: the job whose id it says, else the one of the file's name. */
  async function findDeployed(answer: string, { name, text }: JobFile): Promise<z.infer<typeof job>> {
    const { jobs } = await look();
    const called = jobNameIn(text);
    const found = jobs.find(({ id }) => answer.includes(id)) ?? jobs.find(({ spec }) => spec.name === called);
    if (found !== undefined) return found;
    throw new ControlError(
      `job deploy: ${name} is not in the job list; the answer was: ${answer.slice(0, 200)}`,
    );
  }

  async function describe({ jobId, jobVersion }: ExecutionSeen) {
    const words = ["job", "describe", jobId, "--format", "json"];
    const text = await cli(words);
    const told = read(describedJob, thingIn(text, "job"), text, "job describe");
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

  /** Undefined of a build that does not answer in JSON; it has tables. */
  async function list<T>(words: readonly string[], shape: z.ZodType<T>): Promise<T[] | undefined> {
    const text = await askForJson([...words, ...ALL, "--format", "json"]);
    const items = text === undefined ? undefined : itemsIn(text);
    if (items !== undefined) return read(z.array(shape), items, text ?? "", words.join(" "));
    return undefined;
  }

  async function table(words: readonly string[]): Promise<readonly Row[]> {
    const text = await cli([...words, ...ALL, "--wide", "--no-style"]);
    return readTable(text) ?? read(z.never(), undefined, text, words.join(" "));
  }

  /** Undefined of a build that has no such flag, or not with this value. Nothing was done then. */
  async function askForJson(words: readonly string[], stdin?: string): Promise<string | undefined> {
    const result = await exec(words, stdin);
    const isUnknown =
      result.exitCode !== 0 && /format/.test(result.stderr) && UNKNOWN_FLAG.test(result.stderr);
    return isUnknown ? undefined : stdoutOf(result, `expanso-cli ${words.join(" ")}`);
  }

  async function cli(words: readonly string[], stdin?: string): Promise<string> {
    return stdoutOf(await exec(words, stdin), `expanso-cli ${words.join(" ")}`);
  }
}

/** What a job file calls its job; undefined where it does not say. */
export function jobNameIn(text: string): string | undefined {
  const { contents } = parseDocument(text);
  const name = isMap(contents) ? contents.get("name") : undefined;
  return typeof name === "string" ? name : undefined;
}

function onOrchestrator(stack: Stack): RunCli {
  return async (words, stdin) => {
    const options = stdin === undefined ? {} : { stdin };
    return await stack.machine(ORCHESTRATOR).exec(["expanso-cli", ...words], options);
  };
}

const ALL = ["--limit", "100000"];

/** As command-line libraries say it. */
const UNKNOWN_FLAG =
  /unknown (?:shorthand )?(?:flag|option)|flag provided but not defined|unsupported|not supported|invalid (?:argument|value)/i;

function stdoutOf(result: ExecResult, command: string): string {
  if (result.exitCode === 0) return result.stdout.trim();
  const said = (result.stderr || result.stdout).trim();
  throw new ControlError(`${command}: exit ${result.exitCode}: ${said || "no output"}`, { said });
}

/** @throws ControlError for what is none, or has another shape. */
function read<T>(shape: z.ZodType<T>, json: unknown, text: string, command: string): T {
  if (json === undefined) throw new ControlError(`${command}: the answer is not JSON: ${text.slice(0, 200)}`);
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ControlError(`${command}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "does not fit"}`);
}

const running = z.object({ execution_id: z.string() });
