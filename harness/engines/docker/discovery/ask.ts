import type Docker from "dockerode";
import { engineMessage, statusOf } from "../api-errors.ts";
import type { Answer } from "./decide.ts";

/** Asks for the engine's version, and puts what comes of it, an answer or a failure, into words. */
export async function ask(docker: Docker, timeoutMs: number): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return readVersion(await version(docker, signal));
  } catch (error) {
    if (signal.aborted) return { is: "broken", seen: `no answer within ${timeoutMs / 1000} s` };
    return readFailure(error);
  }
}

/** dockerode's own `version()` takes a signal too, but its types do not know. */
async function version(docker: Docker, signal: AbortSignal): Promise<unknown> {
  const asking = docker as unknown as { version(options: { abortSignal: AbortSignal }): Promise<unknown> };
  // Over ssh the signal does not reach a connection that is still being made.
  const timedOut = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  return await Promise.race([asking.version({ abortSignal: signal }), timedOut]);
}

function readVersion(answer: unknown): Answer {
  const { Version: version, ApiVersion: api, Os: os } = (answer ?? {}) as Record<string, unknown>;
  if (typeof version !== "string" || typeof api !== "string") {
    return { is: "broken", seen: "something answers there, but not as Docker does" };
  }
  return { is: "engine", version, os: typeof os === "string" ? os : "linux" };
}

function readFailure(error: unknown): Answer {
  if (statusOf(error) !== undefined) return { is: "broken", seen: engineMessage(error) };
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return { is: "absent" };
  if (code === "ECONNREFUSED") return { is: "refused" };
  if (code === "EACCES" || code === "EPERM") return { is: "denied", seen: "permission denied" };
  return { is: "broken", seen: engineMessage(error) };
}
