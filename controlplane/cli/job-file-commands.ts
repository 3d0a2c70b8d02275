import type { Command } from "commander";
import type { JobSpec } from "../model/job.ts";
import { formatPath } from "../job-spec/format-path.ts";
import type { WireDeployRequest, WireDeployResponse } from "../protocol/http.ts";
import { ApiError, type Api } from "./api.ts";
import type { Cli } from "./cli.ts";
import { CliError, describeError, JobFileError } from "./cli-error.ts";
import type { CliPorts } from "./ports.ts";

interface DeployFlags {
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** The commands that read a job file. It is checked here first, where its lines and columns are known. */
export function addJobFileCommands(group: Command, cli: Cli): void {
  for (const [name, description] of [
    ["deploy", "deploy a job, or update the one of the same name"],
    ["run", "the older spelling of deploy"],
  ] as const) {
    group
      .command(`${name} <file>`)
      .description(`${description}; - reads standard input`)
      .option("--force", "deploy it even if nothing changed")
      .option("--dry-run", "say what would happen, and change nothing")
      .addHelpText("after", helpFor(name))
      .action((file: string, flags: DeployFlags) => deploy(file, flags));
  }

  group
    .command("validate <file>")
    .description("check a job file; - reads standard input")
    .option("--offline", "without asking the orchestrator")
    .addHelpText("after", "\nExamples:\n  expanso-cli job validate test-job.yaml --offline")
    .action(async (file: string, flags: { offline?: boolean }) => {
      const spec = await readJobFile(cli.ports, file);
      // Forced, because a job that is deployed already is a valid one too.
      if (flags.offline !== true) await put(cli.connect(), file, { spec, force: true, dry_run: true });
      await cli.print({ valid: true, name: spec.name }, () => `${nameOf(file)} is valid: job ${spec.name}\n`);
    });

  async function deploy(file: string, { force = false, dryRun = false }: DeployFlags): Promise<void> {
    const spec = await readJobFile(cli.ports, file);
    const answer = await put(cli.connect(), file, { spec, force, dry_run: dryRun });
    await cli.print(answer, () => summary(answer, dryRun));
  }
}

/** @throws JobFileError with one line for every problem; CliError if the file cannot be read. */
async function readJobFile({ files, loadYaml }: CliPorts, file: string): Promise<JobSpec> {
  const text = await readText();
  const { parseJobFile } = await loadYaml();
  const parsed = parseJobFile(text);
  if (parsed.ok) return parsed.spec;
  throw new JobFileError(
    parsed.problems.map(({ line, column, path, message }) =>
      [`${nameOf(file)}:${line}:${column}`, formatPath(path), message]
        .filter((part) => part !== "")
        .join(": "),
    ),
  );

  async function readText(): Promise<string> {
    if (file === "-") return files.readStdin();
    let read: string | undefined;
    try {
      read = files.readFile(file);
    } catch (cause) {
      throw new CliError(64, `cannot read ${file}: ${describeError(cause)}`, { cause });
    }
    if (read === undefined)
      throw new CliError(64, `there is no file ${file}; name a job file, or - for standard input`);
    return read;
  }
}

function nameOf(file: string): string {
  return file === "-" ? "<stdin>" : file;
}

async function put(api: Api, file: string, request: WireDeployRequest): Promise<WireDeployResponse> {
  try {
    return await api.call<WireDeployResponse>("PUT", "/jobs", request);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // Scripts look for the code, whatever words an orchestrator has for it.
    if (error.status === 422 && !error.message.includes("NO_CHANGES_DETECTED")) {
      throw new ApiError(422, `NO_CHANGES_DETECTED: ${error.message}; --force deploys it again`);
    }
    // An orchestrator of another version may refuse what this CLI accepts; it knows no lines.
    if (error.problems.length > 0) {
      throw new JobFileError(
        error.problems.map(({ path, message }) => `${nameOf(file)}: ${path}: ${message}`),
      );
    }
    throw error;
  }
}

function summary({ job, created, warnings }: WireDeployResponse, dryRun: boolean): string {
  const { name } = job.spec;
  if (dryRun)
    return `Dry run: job ${name} would be ${created ? "created" : "updated"}; nothing was changed\n`;
  return [
    ...warnings.map((warning) => `Warning: ${warning}\n`),
    `Job ${name} ${created ? "created" : "updated"}: version ${job.status.version}, id ${job.id}\n`,
    `To see where it runs: expanso-cli execution list --job ${name}\n`,
  ].join("");
}

function helpFor(command: string): string {
  return `
Examples:
  expanso-cli job ${command} test-job.yaml
  expanso-cli job ${command} test-job.yaml --dry-run
  cat test-job.yaml | expanso-cli job ${command} -

A job file is YAML or JSON:
  name: my-job
  type: pipeline
  config:                       # the pipeline
    input:
      generate:
        interval: 5s
        mapping: root.message = "hello"
    output:
      stdout: {}

Optional: description, labels, meta, priority (0 to 100, default 50),
restart_policy (on-failure, always, never), selector (match_ids, match_labels, match_expressions).`;
}
