import { jobNameIn } from "../systems/expanso/cli-control.ts";
import type { JobFile, SystemControl } from "../systems/system.ts";
import type { ClusterSeen } from "../vocabulary.ts";
import type { Deed } from "../walkthrough/deed.ts";
import type { UiSteps } from "../walkthrough/guide.ts";

const STOPPED = { is: "stopped" } as const;
type Adopted = Awaited<ReturnType<SystemControl["deploy"]>>;

/**
 * Deployments and stops that a person has made in the web interface of a cloud, as seeds 000 and 001 have it: the run goes
 * on with what came of them, instead of doing the same itself.
 */
export function createUiSteps(
  look: () => Promise<ClusterSeen | undefined>,
  jobFiles: ReadonlyMap<string, JobFile>,
): UiSteps & { readonly instead: (control: SystemControl) => SystemControl } {
  /** By the job's name, the version that the run has seen last. */
  const known = new Map<string, number>();
  let adopted: Adopted | typeof STOPPED | undefined;
  return {
    isOne: ({ do: deed }) => deed === "deploy" || deed === "stop-job",
    done: async (deed) => {
      const seen = await look();
      if (seen === undefined) return "It does not answer.";
      const found = outcomeOf(deed, seen);
      if ("missing" in found) return found.missing;
      adopted = found;
      return undefined;
    },
    instead: (control) => ({
      ...control,
      deploy: async (file, options) => {
        const made =
          adopted !== undefined && "jobId" in adopted ? adopted : await control.deploy(file, options);
        adopted = undefined;
        known.set(made.jobName, made.version);
        return made;
      },
      stopJob: async (jobId) => {
        if (adopted !== STOPPED) await control.stopJob(jobId);
        adopted = undefined;
      },
    }),
  };

  /** What has come of it, or in words what of it is missing. */
  function outcomeOf(
    deed: Deed,
    { jobs }: ClusterSeen,
  ): Adopted | typeof STOPPED | { readonly missing: string } {
    if (deed.do === "stop-job") {
      const state = jobs.find(({ name }) => name === deed.job)?.state ?? "not there";
      return state.startsWith("stop") ? STOPPED : { missing: `${deed.job} is \`${state}\` yet.` };
    }
    const name = deed.do === "deploy" ? jobNameIn(jobFiles.get(deed.file)?.text ?? "") : undefined;
    const job = jobs.find((candidate) => candidate.name === name);
    if (job === undefined)
      return { missing: `There is no job ${name ?? ""} yet: call it so, the rest of the run looks for it.` };
    const before = known.get(job.name) ?? 0;
    if (job.version <= before)
      return { missing: `${job.name} is still of version ${before}: deploy it once more.` };
    return { jobId: job.id, jobName: job.name, version: job.version };
  }
}
