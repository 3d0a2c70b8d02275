import type { Stack } from "../../engines/engine.ts";
import { ElsewhereError } from "../../errors.ts";
import { list } from "../../text/list.ts";
import type { HarnessClock } from "../../time/clock.ts";
import type { ClusterSeen, NodeSeen } from "../../vocabulary.ts";
import { createCliControl, jobNameIn, type RunCli } from "../expanso/cli-control.ts";
import { ControlError, type JobFile, type SystemControl } from "../system.ts";

/** What a cloud held before a run came to it: none of that is the run's. */
interface Before {
  readonly nodes: ReadonlySet<string>;
  readonly jobs: ReadonlySet<string>;
}

/**
 * Runs come to a cloud one after the other, and each leaves it as it was: what was there before is not looked at, and
 * what came with the run goes with it.
 */
export function createCloudVisits(at: { readonly endpoint: string; readonly cli: RunCli }): {
  readonly connect: (stack: Stack) => SystemControl;
} {
  const { endpoint, cli } = at;
  let before: Before | undefined;

  return {
    connect: (stack) => {
      const control = createCliControl(stack, cli);
      return {
        ...control,
        look: async () => seenOf(await control.look(), before),
        nodes: async () => nodesOf(await control.nodes(), before),
        // What only its broker could be handed, it cannot be handed from here.
        deliver: async (remedy) => {
          if (remedy.do === "retire") return await control.deliver?.(remedy);
          throw new ControlError(`${remedy.what}: the broker of a cloud is out of reach`);
        },
        begin: async (jobs) => {
          const seen = await control.look().catch((cause: unknown) => {
            if (!(cause instanceof ControlError)) throw cause;
            throw unanswered(endpoint, cause);
          });
          const problem = noRoom(seen, jobs);
          if (problem !== undefined)
            throw new ElsewhereError({ wanted: `room for a run at ${endpoint}`, ...problem });
          before = { nodes: idsOf(seen.nodes), jobs: idsOf(seen.jobs) };
        },
        leave: async (clock) => {
          if (before === undefined) return;
          const known = before;
          before = undefined;
          await takeAway({ endpoint, cli, clock }, async () => seenOf(await control.look(), known));
        },
      };
    },
  };
}

/** Why a run would not be by itself there, and what mends it. Pure. */
export function noRoom(
  { nodes, jobs }: Pick<ClusterSeen, "nodes" | "jobs">,
  files: readonly JobFile[],
): { readonly seen: string; readonly mend: string } | undefined {
  const wanted = new Set(files.map(({ text }) => jobNameIn(text)));
  const same = jobs.filter(({ name }) => wanted.has(name)).map(({ name }) => name);
  if (same.length > 0) {
    return {
      seen: `it has a job called ${list(same)} already, which is not this run's`,
      mend: `if nobody wants it any more, as after a run that was killed: expanso-cli job stop ${same[0] ?? ""}, node delete ID --yes --force of the nodes that it was on, job delete ${same[0] ?? ""} (docs/cloud.md)`,
    };
  }
  const others = nodes.filter(({ connection }) => connection === "connected");
  const [other] = others;
  if (other === undefined) return undefined;
  return {
    seen: `${list(others.map(({ name }) => name))} ${others.length === 1 ? "is" : "are"} connected there: the jobs of a scenario would run there, too`,
    mend: `stop what is not needed, or use a network with nothing else in it; a node that is gone already: expanso-cli node delete ${other.id} --yes --force --reason gone`,
  };
}

/** How long a job that was stopped may take to its end, and how often it is looked at: nothing here tells when. */
const ENDING_MS = 15_000;
const LOOK_EVERY_MS = 500;

/** The nodes are gone, and what ran on them with them: so that the jobs come to their end, they are deleted in between. */
async function takeAway(
  { endpoint, cli, clock }: { readonly endpoint: string; readonly cli: RunCli; readonly clock: HarnessClock },
  look: () => Promise<ClusterSeen>,
): Promise<void> {
  const left: string[] = [];
  const remove = async (what: string, words: readonly string[], deadlineMs = 0) => {
    for (;;) {
      const { exitCode, stderr } = await cli(words);
      if (exitCode === 0) return;
      // What has just lost its nodes is not at its end at once; any other refusal stays one.
      if (!/live executions/.test(stderr) || clock.nowMs() >= deadlineMs) {
        left.push(`${what} (${stderr.trim()})`);
        return;
      }
      await new Promise<void>((resolve) => void clock.after(LOOK_EVERY_MS, resolve));
    }
  };
  let seen: ClusterSeen;
  try {
    seen = await look();
  } catch (cause) {
    if (!(cause instanceof ControlError)) throw cause;
    throw unanswered(endpoint, cause);
  }
  // One that was stopped already refuses.
  await Promise.all(seen.jobs.map(({ id }) => cli(["job", "stop", id])));
  const why = ["--yes", "--force", "--reason", "its run is over"];
  await Promise.all(
    seen.nodes.map(({ id, name }) => remove(`node ${name} ${id}`, ["node", "delete", id, ...why])),
  );
  const deadlineMs = clock.nowMs() + ENDING_MS;
  await Promise.all(
    seen.jobs.map(({ id, name }) => remove(`job ${name}`, ["job", "delete", id, "--yes"], deadlineMs)),
  );
  if (left.length === 0) return;
  throw new ElsewhereError({
    wanted: `leave ${endpoint} as it was`,
    seen: `left behind: ${left.join("; ")}`,
    mend: 'expanso-cli job list, node list --endpoint "$EXPANSO_ENDPOINT", and delete them there',
  });
}

function unanswered(endpoint: string, cause: ControlError): ElsewhereError {
  return new ElsewhereError({
    wanted: `ask the orchestrator at ${endpoint}`,
    seen: cause.said || cause.message,
    mend: "look at EXPANSO_ENDPOINT and EXPANSO_CLI_AUTH_API_KEY in .env: docs/cloud.md",
    cause,
  });
}

function seenOf({ nodes, jobs, executions }: ClusterSeen, before: Before | undefined): ClusterSeen {
  if (before === undefined) return { nodes, jobs, executions };
  const own = nodesOf(nodes, before);
  const ids = idsOf(own);
  const ownJobs = jobs.filter(({ id }) => !before.jobs.has(id));
  const jobIds = idsOf(ownJobs);
  return {
    nodes: own,
    jobs: ownJobs.map((job) =>
      Array.isArray(job.admits) ? { ...job, admits: job.admits.filter((id) => ids.has(id)) } : job,
    ),
    executions: executions.filter(({ jobId }) => jobIds.has(jobId)),
  };
}

function nodesOf(nodes: readonly NodeSeen[], before: Before | undefined): readonly NodeSeen[] {
  return nodes.filter(({ id }) => before?.nodes.has(id) !== true);
}

function idsOf(things: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(things.map(({ id }) => id));
}
