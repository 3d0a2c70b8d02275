import fc from "fast-check";
import { parseJobFile } from "../../controlplane/job-spec/index.ts";
import { openClusterWorld } from "./cluster-world.ts";
import { apiRequest, type ApiRequest } from "./generators/api-requests.ts";
import { jobFile } from "./generators/job-files.ts";
import { intrusion, type Intrusion } from "./generators/messages.ts";
import { fill } from "./generators/placeholders.ts";
import { objectionToReading } from "./objections.ts";

export const KINDS = ["requests", "messages", "job-files"] as const;
export type Kind = (typeof KINDS)[number];

export interface Campaign {
  readonly runs: number;
  readonly seed: number;
  /** The texts that job files are made from. */
  readonly jobFiles: readonly string[];
  /** How long reading one of them may take, of the processor's time: the machine may have other things to do. */
  readonly limitMs: number;
  /** For requests, as a client that has a key would send it. */
  readonly authorization?: string | undefined;
}

export interface Report {
  readonly runs: number;
  /** How often each outcome was seen. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** The smallest run that fails, and what it takes to see it again. */
  readonly failure: string | undefined;
}

/** So many inputs meet one cluster, which has to serve afterwards. */
const EPISODE = 50;
/** Ways to deal with what is heard. Not `block`: a node that never was holds up its dispatcher (docs/fixes.md). */
const RECOVERIES = ["none", "recommended", "redispatch+pull"] as const;

/** Makes so many inputs of one kind from the seed, and sees what becomes of each. */
export async function fuzz(kind: Kind, campaign: Campaign): Promise<Report> {
  const outcomes = new Map<string, number>();
  const count = (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  let isOver = false;
  // What comes after the first failure is the same once more, made smaller.
  const seen = (outcome: string): void => {
    if (!isOver) count(outcome);
  };
  const failing = async (work: () => Promise<void> | void): Promise<void> => {
    try {
      await work();
    } catch (error) {
      isOver = true;
      throw error;
    }
  };
  let left = campaign.runs;
  const settings = { seed: campaign.seed, numRuns: campaign.runs };
  const details =
    kind === "job-files"
      ? await fc.check(
          fc.asyncProperty(jobFile(campaign.jobFiles), (text) =>
            failing(() => seen(readJobFile(text, campaign.limitMs))),
          ),
          settings,
        )
      : await fc.check(
          fc.asyncProperty(episode(kind), fc.constantFrom(...RECOVERIES), (inputs, recovery) =>
            failing(async () => {
              const meeting = isOver ? inputs : inputs.slice(0, left);
              if (meeting.length === 0) return;
              left -= meeting.length;
              const world = await openClusterWorld({ recovery, authorization: campaign.authorization });
              for (const input of meeting) {
                seen(await ("method" in input ? world.request(input) : world.intrude(input)));
              }
              await world.serveAgain();
            }),
          ),
          settings,
        );
  return {
    runs: [...outcomes.values()].reduce((sum, one) => sum + one, 0),
    outcomes,
    failure: details.failed ? describe(kind, campaign, details) : undefined,
  };
}

function episode(kind: Exclude<Kind, "job-files">): fc.Arbitrary<readonly (ApiRequest | Intrusion)[]> {
  const input: fc.Arbitrary<ApiRequest | Intrusion> = kind === "requests" ? apiRequest : intrusion;
  return fc.array(input, { minLength: 1, maxLength: EPISODE, size: "max" });
}

function readJobFile(template: string, limitMs: number): string {
  const text = fill(template, { nodes: [], jobs: [], executions: [] });
  const before = process.cpuUsage();
  const reading = parseJobFile(text);
  const { user, system } = process.cpuUsage(before);
  const objection = objectionToReading(text, reading, { cpuMs: (user + system) / 1_000, limitMs });
  if (objection !== undefined) throw new Error(objection);
  return reading.ok ? "a job" : "refused with its place";
}

function describe(
  kind: Kind,
  { seed, runs }: Campaign,
  {
    counterexample,
    error,
    errorInstance,
  }: { counterexample: unknown; error?: unknown; errorInstance?: unknown },
): string {
  const why = errorInstance instanceof Error ? errorInstance.stack : String(error ?? errorInstance);
  return [
    `${kind}: ${why}`,
    `smallest: ${JSON.stringify(counterexample)?.slice(0, 4_000)}`,
    `replay:   node bench/fuzz.ts --only ${kind} --runs ${runs} --seed ${seed}`,
  ].join("\n");
}
