import { Hono } from "hono";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Random } from "../../ports/random.ts";
import { formatDuration } from "../../pipeline/index.ts";
import { API_PREFIX, type WireError, type WireStatus } from "../../protocol/http.ts";
import type { NodePresence, Store, Transport } from "../contracts.ts";
import type { OrchestratorSettings } from "../settings.ts";
import { executionRoutes } from "./execution-routes.ts";
import { ApiFailure } from "./failures.ts";
import { jobRoutes } from "./job-routes.ts";
import { nodeRoutes } from "./node-routes.ts";
import { VERSION } from "../../model/version.ts";

/** Serves one HTTP request: over a socket, or in process. */
export interface Api {
  fetch(request: Request): Response | Promise<Response>;
}

export interface ApiParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: Store;
  readonly transport: Transport;
  readonly presence: NodePresence;
  readonly log: Log;
}

/** A probe has no key, and an edge shows its bootstrap token instead, in the body. Whole paths: a job may be called `health`. */
const OPEN_PATHS: readonly string[] = [`${API_PREFIX}/health`, `${API_PREFIX}/nodes/register`];

/** The HTTP API of spec 2-contract. Deploying is asynchronous: validate, store, answer; the broker does the rest. */
export function createApi(
  parts: ApiParts,
  settings: OrchestratorSettings & { readonly recovery: string },
): Api {
  const { store, log } = parts;
  const app = new Hono().basePath(API_PREFIX);

  app.use(async (context, next) => {
    const wanted = settings.apiKey;
    const isOpen = OPEN_PATHS.includes(context.req.path);
    if (wanted !== undefined && !isOpen && context.req.header("authorization") !== `Bearer ${wanted}`) {
      throw new ApiFailure(
        "UNAUTHORIZED",
        "this orchestrator wants an API key: pass --api-key or EXPANSO_CLI_AUTH_API_KEY",
      );
    }
    await next();
    log.debug("API: Request", {
      method: context.req.method,
      path: context.req.path,
      status: context.res.status,
    });
  });

  app.get("/health", (context) => context.json({ status: "ok" }));
  app.get("/status", (context) => context.json(status()));
  app.route("/nodes", nodeRoutes(parts, settings));
  app.route("/jobs", jobRoutes(parts));
  app.route("/executions", executionRoutes(parts));

  app.notFound((context) =>
    context.json(error("NOT_FOUND", `there is no ${context.req.method} ${context.req.path}`), 404),
  );
  app.onError((failure, context) => {
    if (failure instanceof ApiFailure) return context.json(failure.body, failure.status);
    log.error("API: Request failed", { path: context.req.path, error: failure.message });
    return context.json(error("INTERNAL", failure.message), 500);
  });
  return app;

  function status(): WireStatus {
    return {
      version: VERSION,
      ...store.counts(),
      settings: {
        heartbeat: formatDuration(settings.heartbeatMs),
        disconnect_timeout: formatDuration(settings.disconnectTimeoutMs),
        lost_timeout: formatDuration(settings.lostTimeoutMs),
        reevaluation_batch: formatDuration(settings.reevaluationBatchMs),
        housekeeping: formatDuration(settings.housekeepingMs),
        data_plane_setup: formatDuration(settings.dataPlaneSetupMs),
        resync_interval: formatDuration(settings.resyncIntervalMs),
        avoid: settings.avoid,
        recovery: settings.recovery,
      },
    };
  }
}

function error(code: WireError["code"], message: string): WireError {
  return { code, message };
}
