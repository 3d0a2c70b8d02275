import { Hono } from "hono";
import { z } from "zod";
import { isTerminal } from "../../model/execution.ts";
import type { EvaluationTrigger } from "../../model/evaluation.ts";
import type { Job, JobSpec } from "../../model/job.ts";
import { checkJobSpec, formatPath } from "../../job-spec/index.ts";
import type { WireDeployResponse } from "../../protocol/http.ts";
import { formatRfc3339 } from "../../pipeline/index.ts";
import type { ApiParts } from "./api.ts";
import { readBody } from "./body.ts";
import { ApiFailure } from "./failures.ts";
import { page } from "./paging.ts";
import { wireEvaluation, wireExecution, wireHistoryEntry, wireJob } from "./wire.ts";

const deployment = z.object({
  spec: z.unknown(),
  force: z.boolean().default(false),
  dry_run: z.boolean().default(false),
});

export function jobRoutes({ random, store, log }: ApiParts): Hono {
  const routes = new Hono();
  const find = (id: string): Job => {
    const job = store.job(id) ?? store.jobByName(id);
    if (job === undefined) throw new ApiFailure("NOT_FOUND", `there is no job ${id}`);
    return job;
  };

  routes.get("/", (context) =>
    context.json(
      page(context, store.jobs(), wireJob, {
        name: (job) => job.spec.name,
        created_at: (job) => job.createdAtMs,
        updated_at: (job) => job.updatedAtMs,
      }),
    ),
  );

  routes.put("/", async (context) => {
    const request = await readBody(context, deployment);
    const spec = checked(request.spec);
    const known = store.jobByName(spec.name);
    const answer = deploy(spec, known, request);
    return context.json(answer, answer.created ? 201 : 200);
  });
  routes.put("/diff", async (context) => {
    const spec = checked((await readBody(context, deployment)).spec);
    const known = store.jobByName(spec.name);
    return context.json({
      exists: known !== undefined,
      changed: known === undefined || isChanged(known, spec),
    });
  });

  routes.get("/:id", (context) => context.json({ job: wireJob(find(context.req.param("id"))) }));
  routes.put("/:id", async (context) => {
    const known = find(context.req.param("id"));
    const request = await readBody(context, deployment);
    const spec = checked(request.spec);
    const owner = store.jobByName(spec.name);
    if (owner !== undefined && owner.id !== known.id) {
      throw new ApiFailure("NAME_TAKEN", `the name ${spec.name} belongs to job ${owner.id}`);
    }
    return context.json(deploy(spec, known, request));
  });
  routes.put("/:id/rerun", (context) => {
    const known = find(context.req.param("id"));
    return context.json({ job: wireJob(newVersion(known.id, known.spec, "job-rerun")) });
  });
  routes.post("/:id/stop", (context) => context.json({ job: wireJob(stop(find(context.req.param("id")))) }));
  routes.delete("/:id", (context) => {
    const known = find(context.req.param("id"));
    const live = store.executions({ jobId: known.id }).filter((execution) => !isTerminal(execution)).length;
    if (live > 0) {
      throw new ApiFailure("CONFLICT", `job ${known.spec.name} has ${live} live executions: stop it first`);
    }
    store.change((writer) => writer.removeJob(known.id));
    return context.json({ job: wireJob(known) });
  });

  routes.get("/:id/versions", (context) => {
    const versions = store.jobVersions(find(context.req.param("id")).id);
    const show = (version: (typeof versions)[number]) => ({
      version: version.version,
      spec: version.spec,
      created_at: formatRfc3339(version.createdAtMs),
    });
    return context.json(page(context, versions, show, {}));
  });
  routes.get("/:id/history", (context) =>
    context.json(
      page(context, store.history({ jobId: find(context.req.param("id")).id }), wireHistoryEntry, {}),
    ),
  );
  routes.get("/:id/executions", (context) =>
    context.json(
      page(context, store.executions({ jobId: find(context.req.param("id")).id }), wireExecution, {}),
    ),
  );
  routes.get("/:id/evaluations", (context) =>
    context.json(
      page(context, store.evaluations({ jobId: find(context.req.param("id")).id }), wireEvaluation, {}),
    ),
  );
  return routes;

  function deploy(
    spec: JobSpec,
    known: Job | undefined,
    request: { readonly force: boolean; readonly dry_run: boolean },
  ): WireDeployResponse {
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

/** Both were filled in by the same check, so equal specs have equal text. */
function isChanged(known: Job, spec: JobSpec): boolean {
  return JSON.stringify(known.spec) !== JSON.stringify(spec);
}
