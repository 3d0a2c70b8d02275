import { HttpUnreachableError, type HttpClient } from "../ports/http.ts";
import type { RunningExecution } from "./executor.ts";

/**
 * `expanso-edge executions`: asks the agent on this machine what it runs. Exit code 0; 1 if no agent runs here;
 * 64 for an unknown format.
 */
export async function listExecutions(
  ports: {
    readonly http: HttpClient;
    readonly out: (text: string) => void;
    readonly err: (text: string) => void;
  },
  options: { readonly url: string; readonly format: string },
): Promise<number> {
  if (options.format !== "json" && options.format !== "table") {
    ports.err(`expanso-edge: --format: got "${options.format}", accepted are json, table\n`);
    return 64;
  }
  let body: string;
  try {
    body = (await ports.http.request({ method: "GET", url: `${options.url}/executions`, timeoutMs: 5_000 }))
      .body;
  } catch (error) {
    if (!(error instanceof HttpUnreachableError)) throw error;
    ports.err("expanso-edge: no agent answers on this machine; start it with `expanso-edge run`\n");
    return 1;
  }
  ports.out(options.format === "json" ? `${body}\n` : table(JSON.parse(body) as RunningExecution[]));
  return 0;
}

function table(executions: readonly RunningExecution[]): string {
  if (executions.length === 0) return "No executions run here\n";
  const rows = executions.map(
    (e) => `${e.execution_id}  ${e.state.padEnd(9)}  ${e.job_name} v${e.job_version}`,
  );
  return `${["EXECUTION".padEnd(38) + "  STATE      JOB", ...rows].join("\n")}\n`;
}
