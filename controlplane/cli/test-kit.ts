import type { WireExecution, WireJob, WireNode } from "../protocol/http.ts";
import { HttpUnreachableError, type HttpRequest, type HttpResponse } from "../ports/http.ts";
import type { CliPorts } from "./ports.ts";
import { runCli } from "./run-cli.ts";
import { yamlTools } from "./yaml-tools.ts";

/** What an orchestrator answers to `METHOD /path`: a body with status 200, or what a function makes of the URL. */
export type Routes = Readonly<Record<string, object | ((url: URL) => object)>>;

export interface TestCli {
  /** Runs one command line, split at spaces. */
  run(line: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** What was sent: `METHOD /path?query body`. */
  readonly requests: readonly string[];
  /** The whole of what was sent. */
  readonly sent: readonly HttpRequest[];
  /** What the profile store holds. */
  readonly profileText: () => string | undefined;
}

/** `expanso-cli` with everything around it made up. */
export function aCli(
  world: {
    readonly routes?: Routes;
    readonly env?: Readonly<Record<string, string>>;
    readonly files?: Readonly<Record<string, string>>;
    readonly stdin?: string;
    readonly profiles?: string;
    readonly isTerminal?: boolean;
  } = {},
): TestCli {
  const sent: HttpRequest[] = [];
  let profileText = world.profiles;
  const http = {
    request: (request: HttpRequest): Promise<HttpResponse> => {
      sent.push(request);
      return answer(request, world.routes);
    },
  };
  const ports = (output: { out: string; err: string }): CliPorts => ({
    http,
    insecureHttp: {
      request: (request) => http.request({ ...request, headers: { ...request.headers, insecure: "yes" } }),
    },
    host: { env: (name) => world.env?.[name] },
    files: {
      readFile: (path) => {
        if (path.endsWith("/")) throw new Error("it is a folder");
        return world.files?.[path];
      },
      readStdin: () => Promise.resolve(world.stdin ?? ""),
    },
    profiles: {
      name: "profiles.json",
      read: () => profileText,
      write: (text) => (profileText = text),
    },
    loadYaml: () => Promise.resolve(yamlTools),
    out: (text) => (output.out += text),
    err: (text) => (output.err += text),
    isTerminal: world.isTerminal ?? false,
  });

  return {
    run: async (line) => {
      const output = { out: "", err: "" };
      const code = await runCli(line === "" ? [] : line.split(" "), ports(output));
      return { code, ...output };
    },
    get requests() {
      return sent.map(({ method, url, body }) =>
        [method, url.replace("http://localhost:9010/api/v1", ""), body].filter(Boolean).join(" "),
      );
    },
    sent,
    profileText: () => profileText,
  };
}

/** An answer that is no success, for `Routes`. */
export function status(code: number, body: unknown): object {
  return { [STATUS]: code, body };
}

const STATUS = Symbol("status");

async function answer({ method, url }: HttpRequest, routes: Routes | undefined): Promise<HttpResponse> {
  if (routes === undefined) throw new HttpUnreachableError(url, "connection refused (ECONNREFUSED)");
  const parsed = new URL(url);
  const route = routes[`${method} ${parsed.pathname.replace("/api/v1", "")}`];
  if (route === undefined) {
    return {
      status: 404,
      body: JSON.stringify({ code: "NOT_FOUND", message: `there is no ${parsed.pathname}` }),
    };
  }
  const body = typeof route === "function" ? route(parsed) : route;
  if (!(STATUS in body)) return { status: 200, body: JSON.stringify(body) };
  const { [STATUS]: code, body: failure } = body as { [STATUS]: number; body: unknown };
  return { status: code, body: typeof failure === "string" ? failure : JSON.stringify(failure) };
}

/** A whole id from its first eight characters. */
export function anId(start: string): string {
  return `${start}-0000-4000-8000-000000000000`;
}

const TIMES = { created_at: "2025-01-01T00:00:00.000Z", updated_at: "2025-01-01T00:00:01.000Z" };

export function aWireNode(
  id: string,
  name: string,
  status: Partial<WireNode["status"]> = {},
  labels: Readonly<Record<string, string>> = {},
): WireNode {
  return {
    id: anId(id),
    spec: { name, hostname: `${name}.local`, os: "linux", arch: "x64", agent_version: "0.1.0", labels },
    status: {
      connection_state: "connected",
      data_plane: "ready",
      ...TIMES,
      message: "",
      revision: 1,
      last_edge_seq_num: 0,
      last_orchestrator_seq_num: 0,
      ...status,
    },
  };
}

export function aWireJob(
  id: string,
  name: string,
  state: Partial<WireJob["status"]["state"]> = {},
  labels: Readonly<Record<string, string>> = {},
): WireJob {
  return {
    id: anId(id),
    spec: {
      name,
      type: "pipeline",
      labels,
      meta: {},
      priority: 50,
      restart_policy: "on-failure",
      selector: { match_ids: [], match_labels: {}, match_expressions: [] },
      config: {},
    },
    status: {
      state: { state_type: "running", message: "", details: {}, ...state },
      version: 1,
      revision: 1,
      ...TIMES,
    },
  };
}

export function aWireExecution(
  id: string,
  of: { readonly job: WireJob; readonly node: WireNode; readonly version?: number },
  observed: WireExecution["status"]["observed_state"]["state_type"] = "running",
): WireExecution {
  return {
    id: anId(id),
    eval_id: anId("ffffffff"),
    job_id: of.job.id,
    job_type: "pipeline",
    job_version: of.version ?? 1,
    node_id: of.node.id,
    status: {
      desired_state: { state_type: "running", message: "" },
      observed_state: { state_type: observed, message: "" },
      details: {},
      ...TIMES,
      revision: 1,
    },
  };
}
