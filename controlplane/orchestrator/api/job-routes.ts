import { z } from "zod";
import { isTerminal } from "../../model/execution.ts";
import type { EvaluationTrigger } from "../../model/evaluation.ts";
import type { Job, JobSpec } from "../../model/job.ts";
import { checkJobSpec, formatPath } from "../../job-spec/index.ts";
import type { WireDeployResponse } from "../../protocol/http.ts";
import { formatRfc3339 } from "../../pipeline/index.ts";
import type { StoreReader } from "../contracts.ts";
import type { ApiParts } from "./api.ts";
import { readBody } from "./body.ts";
import { ApiFailure } from "./failures.ts";
import { page, type Orders } from "./paging.ts";
import { ok, type Answer, type Call, type Route } from "./router.ts";
import { wireEvaluation, wireExecution, wireHistoryEntry, wireJob } from "./wire.ts";

const deployment = z.object({
  spec: z.unknown(),
  force: z.boolean().default(false),
  dry_run: z.boolean().default(false),
});
type Deployment = z.infer<typeof deployment>;

const JOB_ORDERS: Orders<Job> = {
  name: (job) => job.spec.name,
  created_at: (job) => job.createdAtMs,
  updated_at: (job) => job.updatedAtMs,
};

export function jobRoutes({ random, store, log }: ApiParts): readonly Route[] {
  const find = (id: string): Job => {
    const job = store.job(id) ?? store.jobByName(id);
    if (job === undefined) throw new ApiFailure("NOT_FOUND", `there is no job ${id}`);
    return job;
  };

  return [
    {
      method: "GET",
      path: "/jobs",
      answer: ({ query }) => ok(page(query, store.jobs(), wireJob, JOB_ORDERS)),
    },
    { method: "PUT", path: "/jobs", answer: ({ body }) => create(readBody(body, deployment)) },
    { method: "PUT", path: "/jobs/diff", answer: ({ body }) => compare(readBody(body, deployment)) },
    { method: "GET", path: "/jobs/:id", answer: ({ id }) => ok({ job: wireJob(find(id)) }) },
    { method: "PUT", path: "/jobs/:id", answer: ({ id, body }) => update(find(id), body) },
    { method: "PUT", path: "/jobs/:id/rerun", answer: ({ id }) => ok({ job: wireJob(rerun(find(id))) }) },
    { method: "POST", path: "/jobs/:id/stop", answer: ({ id }) => ok({ job: wireJob(stop(find(id))) }) },
    { method: "DELETE", path: "/jobs/:id", answer: ({ id }) => ok({ job: wireJob(remove(find(id))) }) },
    {
      method: "GET",
      path: "/jobs/:id/versions",
      answer: listOf((jobId) => store.jobVersions(jobId), wireVersion),
    },
    {
      method: "GET",
      path: "/jobs/:id/history",
      answer: listOf((jobId) => store.history({ jobId }), wireHistoryEntry),
    },
    {
      method: "GET",
      path: "/jobs/:id/executions",
      answer: listOf((jobId) => store.executions({ jobId }), wireExecution),
    },
    {
      method: "GET",
      path: "/jobs/:id/evaluations",
      answer: listOf((jobId) => store.evaluations({ jobId }), wireEvaluation),
    },
  ];

  /** A list of what belongs to one job, in order of time. */
  function listOf<T>(ofJob: (jobId: string) => readonly T[], show: (item: T) => unknown) {
    return ({ id, query }: Call): Answer => ok(page(query, ofJob(find(id).id), show, {}));
  }

  function create(request: Deployment): Answer {
    const spec = checked(request.spec);
    const answer = deploy(spec, store.jobByName(spec.name), request);
    return { status: answer.created ? 201 : 200, body: answer };
  }

  function compare(request: Deployment): Answer {
    const spec = checked(request.spec);
    const known = store.jobByName(spec.name);
    return ok({ exists: known !== undefined, changed: known === undefined || isChanged(known, spec) });
  }

  function update(known: Job, body: string): Answer {
    const request = readBody(body, deployment);
    const spec = checked(request.spec);
    const owner = store.jobByName(spec.name);
    if (owner !== undefined && owner.id !== known.id) {
      throw new ApiFailure("NAME_TAKEN", `the name ${spec.name} belongs to job ${owner.id}`);
    }
    return ok(deploy(spec, known, request));
  }

  function rerun(known: Job): Job {
    return newVersion(known.id, known.spec, "job-rerun");
  }

  function remove(known: Job): Job {
    const live = store.executions({ jobId: known.id }).filter((execution) => !isTerminal(execution)).length;
    if (live > 0) {
      throw new ApiFailure("CONFLICT", `job ${known.spec.name} has ${live} live executions: stop it first`);
    }
    store.change((writer) => writer.removeJob(known.id));
    return known;
  }

  function deploy(spec: JobSpec, known: Job | undefined, request: Deployment): WireDeployResponse {
    if (known !== undefined && known.wanted && !request.force && !isChanged(known, spec)) {
      throw new ApiFailure(
        "NO_CHANGES_DETECTED",
        `NO_CHANGES_DETECTED: job ${spec.name} is deployed like this already (version ${known.version}); --force redeploys it`,
      );
    }
    const created = known === undefined;
    if (request.dry_run) {
      const now = { createdAtMs: 0, updatedAtMs: 0, revision: 0, version: 0, wanted: true } as const;
      const preview: Job = known ?? {
        ...now,
        id: "j-dry-run",
        spec,
        state: { type: "pending", message: "dry run" },
      };
      return { job: wireJob({ ...preview, spec }), created, warnings: ["dry run: nothing was changed"] };
    }
    const id = known?.id ?? `j-${random.uuid()}`;
    const job = newVersion(id, spec, created ? "job-create" : "job-update");
    return { job: wireJob(job), created, warnings: [] };
  }

  function newVersion(id: string, spec: JobSpec, trigger: EvaluationTrigger): Job {
    const evaluationId = random.uuid();
    const job = store.change((writer) => {
      const deployed = writer.deployJob({ id, spec });
      writer.addEvaluation({ id: evaluationId, jobId: id, trigger });
      return deployed;
    });
    log.info("JOB: Deployed", {
      job: spec.name,
      job_id: id,
      version: job.version,
      eval_id: evaluationId,
      trigger,
    });
    return job;
  }

  function stop(known: Job): Job {
    if (!known.wanted) return known;
    const evaluationId = random.uuid();
    const job = store.change((writer) => {
      const stopped = writer.setJob(known.id, { wanted: false });
      writer.addEvaluation({ id: evaluationId, jobId: known.id, trigger: "job-stop" });
      return stopped;
    });
    log.info("JOB: Stop requested", { job: job.spec.name, job_id: job.id, eval_id: evaluationId });
    return job;
  }
}

function checked(value: unknown): JobSpec {
  const check = checkJobSpec(value);
  if (check.ok) return check.spec;
  const problems = check.problems.map((problem) => ({
    path: formatPath(problem.path),
    message: problem.message,
  }));
  const first = problems[0];
  throw new ApiFailure("INVALID", `${first?.path || "spec"}: ${first?.message ?? "does not fit"}`, problems);
}

function wireVersion({ version, spec, createdAtMs }: ReturnType<StoreReader["jobVersions"]>[number]) {
  return { version, spec, created_at: formatRfc3339(createdAtMs) };
}

/** Both were filled in by the same check, so equal specs have equal text. */
function isChanged(known: Job, spec: JobSpec): boolean {
  return JSON.stringify(known.spec) !== JSON.stringify(spec);
}
