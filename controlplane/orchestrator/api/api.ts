import type { Clock } from "../../ports/clock.ts";
import type { ClusterKey } from "../../ports/credentials.ts";
import type { Log } from "../../ports/log.ts";
import type { Random } from "../../ports/random.ts";
import type { HttpHandler, HttpResponse, IncomingHttpRequest } from "../../ports/http.ts";
import { formatDuration } from "../../pipeline/index.ts";
import { API_PREFIX, type WireError, type WireStatus } from "../../protocol/http.ts";
import type { NodePresence, Store, Transport } from "../contracts.ts";
import type { OrchestratorSettings } from "../settings.ts";
import { isSameSecret } from "./bootstrap-token.ts";
import { executionRoutes } from "./execution-routes.ts";
import { ApiFailure } from "./failures.ts";
import { jobRoutes } from "./job-routes.ts";
import { nodeRoutes } from "./node-routes.ts";
import { createRouter, ok, type Answer, type Route } from "./router.ts";
import { VERSION } from "../../model/version.ts";

export interface ApiParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly cluster: ClusterKey;
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
): HttpHandler {
  const { store, log } = parts;
  const routes: readonly Route[] = [
    { method: "GET", path: "/health", answer: () => ok({ status: "ok" }) },
    { method: "GET", path: "/status", answer: () => ok(status()) },
    ...nodeRoutes(parts, settings),
    ...jobRoutes(parts),
    ...executionRoutes(parts),
  ];
  const find = createRouter(routes.map((route) => ({ ...route, path: `${API_PREFIX}${route.path}` })));

  return (request) => {
    const { method, target } = request;
    const path = target.replace(/\?.*$/s, "");
    const refused = refusal(request, path);
    if (refused !== undefined) return json(refused);
    const answered = answer(request, path);
    log.debug("API: Request", { method, path, status: answered.status });
    return json(answered);
  };

  function refusal({ authorization = "" }: IncomingHttpRequest, path: string): Answer | undefined {
    const wanted = settings.apiKey;
    if (wanted === undefined || OPEN_PATHS.includes(path)) return undefined;
    if (isSameSecret(authorization, `Bearer ${wanted}`)) return undefined;
    log.warn("API: Refused", { path, why: authorization === "" ? "no API key" : "unknown API key" });
    return authorization === "" ? NO_KEY : UNKNOWN_KEY;
  }

  function answer({ method, target, body }: IncomingHttpRequest, path: string): Answer {
    // A probe may ask without wanting to read: whoever writes to the socket leaves the body out.
    const found = find(method === "HEAD" ? "GET" : method, path);
    if (found === undefined) return failed(new ApiFailure("NOT_FOUND", `there is no ${method} ${path}`));
    const { route, id } = found;
    try {
      return route.answer({ id, query: new URLSearchParams(target.slice(path.length)), body });
    } catch (failure) {
      if (failure instanceof ApiFailure) return failed(failure);
      const message = failure instanceof Error ? failure.message : String(failure);
      log.error("API: Request failed", { path, error: message });
      const internal: WireError = { code: "INTERNAL", message };
      return { status: 500, body: internal };
    }
  }

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

const HOW = "pass --api-key or EXPANSO_CLI_AUTH_API_KEY; it is printed by: expanso-orchestrator api-key";
const NO_KEY = failed(new ApiFailure("UNAUTHORIZED", `this orchestrator wants an API key: ${HOW}`));
const UNKNOWN_KEY = failed(
  new ApiFailure("UNAUTHORIZED", `this orchestrator does not know the API key that was given: ${HOW}`),
);

function failed({ status, body }: ApiFailure): Answer {
  return { status, body };
}

function json({ status, body }: Answer): HttpResponse {
  return { status, body: JSON.stringify(body) };
}
