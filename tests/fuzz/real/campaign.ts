import { spawnSync } from "node:child_process";
import { credsAuthenticator } from "@nats-io/transport-node";
import fc from "fast-check";
import { startRepro } from "../../command.ts";
import type { FoundEngine } from "../../docker/engine.ts";
import { wireRequest } from "../generators/http-bytes.ts";
import { intrusion } from "../generators/messages.ts";
import { openRealWorld } from "./real-world.ts";

export interface RealReport {
  readonly outcomes: ReadonlyMap<string, number>;
  /** In MiB, by machine: before the first input, and after the last. */
  readonly memory: readonly [ReadonlyMap<string, number>, ReadonlyMap<string, number>];
}

/** How often the containers are asked whether they are still there. */
const LOOK_EVERY = 250;

/** Sends so many inputs of one kind to a stack that stands. @throws at the first that breaks anything, naming it. */
export async function fuzzStack(
  found: FoundEngine,
  stack: string,
  {
    kind,
    runs,
    seed,
  }: { readonly kind: "requests" | "messages"; readonly runs: number; readonly seed: number },
): Promise<RealReport> {
  await using world = await openRealWorld(found, stack, credentialsOf(stack));
  const outcomes = new Map<string, number>();
  const before = await world.memory();
  const inputs =
    kind === "requests"
      ? fc.sample(wireRequest, { seed, numRuns: runs }).map((input) => () => world.request(input))
      : fc.sample(intrusion, { seed, numRuns: runs }).map((input) => () => world.intrude(input));
  for (const [at, send] of inputs.entries()) {
    const outcome = await send();
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (at % LOOK_EVERY === LOOK_EVERY - 1) await world.checkAlive();
  }
  await world.checkAlive();
  return { outcomes, memory: [before, await world.memory()] };
}

/** The worst that can happen: somebody who has got hold of the orchestrator's own. */
function credentialsOf(stack: string): Parameters<typeof openRealWorld>[2] {
  const read = (file: string): string => {
    const script = `process.stdout.write(fs.readFileSync("/run/expanso/${file}", "utf8"))`;
    const argv = ["exec", `repro-${stack}-orchestrator`, "/usr/local/bin/node", "-e", script];
    const { status, stdout, stderr } = spawnSync("docker", argv, { encoding: "utf8" });
    if (status !== 0) throw new Error(`docker exec in the orchestrator of ${stack}: ${stderr}`);
    return stdout;
  };
  const creds = new TextEncoder().encode(read("nats.creds"));
  return { authorization: `Bearer ${read("api-key")}`, nats: { authenticator: credsAuthenticator(creds) } };
}

/** Two jobs as in the headline, by the commands that a person has: what runs, and what is lost and stays so. */
export async function headlineOn(stack: string): Promise<{ readonly stuck: readonly string[] }> {
  const repro = async (...args: readonly string[]): Promise<string> => {
    const ended = await startRepro([...args]).ended;
    if (ended.exitCode !== 0) throw new Error(`repro ${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
    return ended.stdout;
  };
  const logs = startRepro(["logs", "orchestrator", "--follow", "--name", stack]);
  const edges = ["edge1", "edge2"] as const;
  try {
    // An intruder's jobs keep nodes busy.
    const jobs = await repro("cli", "--name", stack, "job", "list", "--limit", "10000", "--format", "json");
    for (const { id } of JSON.parse(jobs) as { id: string }[])
      await repro("cli", "--name", stack, "job", "stop", id);
    await repro("deploy", "test-job.yaml", "--name", stack);
    for (const edge of edges) await logs.prints(runningLine("test-heartbeat", edge));
    await repro("kill", "edges", "--name", stack);
    await repro("deploy", "new-job.yaml", "--name", stack);
    await repro("recreate", "edges", "--name", stack);
    await logs.prints(/RECONCILER: STUCK EXECUTIONS DETECTED .*job=new-test-job /);
    const executions = await repro(
      "cli",
      "--name",
      stack,
      "execution",
      "list",
      "--limit",
      "10000",
      "--job",
      "new-test-job",
      "--format",
      "json",
    );
    return {
      stuck: (JSON.parse(executions) as { status: { observed_state: { state_type: string } } }[]).map(
        ({ status }) => status.observed_state.state_type,
      ),
    };
  } finally {
    logs.signal("SIGINT");
    await logs.ended;
  }
}

function runningLine(job: string, edge: string): RegExp {
  return new RegExp(
    `STATUS: Execution state changed (?=.*job=${job}\\b)(?=.*node_name=${edge}\\b).*to=running`,
  );
}
