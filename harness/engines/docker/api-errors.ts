import { EnvironmentError } from "../../errors.ts";

/**
 * Awaits a call to the engine and turns its failure into an error that says what was wanted, what the engine said
 * and what to do about it. Users never meet dockerode's `(HTTP code 500) server error - …`.
 */
export async function wanting<T>(wanted: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw engineError(wanted, error);
  }
}

export function engineError(wanted: string, error: unknown): EnvironmentError {
  if (error instanceof EnvironmentError) return error;
  const seen = engineMessage(error);
  if (seen === SILENT) return new EnvironmentError({ wanted, seen, mend: RESTART, cause: error });
  if (isEngineGone(error)) return engineGone(wanted, seen, error);
  return new EnvironmentError({ wanted, seen, mend: mendFor(seen), cause: error });
}

/** What was under way when the engine went has its name in `wanted`. */
export function engineGone(wanted: string, seen: string, cause?: unknown): EnvironmentError {
  return new EnvironmentError({
    wanted,
    seen: `the engine has gone away, or was restarted (${seen})`,
    mend: "see that it runs: docker info; then remove what is left: repro clean",
    cause,
  });
}

/** It took the call, and that was all. */
export const SILENT = "the engine took the call, and has not answered it";
export const RESTART =
  "restart the engine, it seems to have locked itself out; then remove what is left: repro clean";

/** Given up by a signal that is a limit. */
function isSilence(error: unknown): boolean {
  const { name, cause } = (error ?? {}) as { readonly name?: unknown; readonly cause?: unknown };
  return name === "TimeoutError" || (name === "AbortError" && isSilence(cause));
}

/** Nobody took the call, or the answer broke off in the middle. */
function isEngineGone(error: unknown): boolean {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === "ENOENT") return syscall === "connect";
  return ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE"].includes(code ?? "");
}

/** The HTTP status with which the engine refused; undefined if it never answered. */
export function statusOf(error: unknown): number | undefined {
  const at = error instanceof EnvironmentError ? error.cause : error;
  const status = (at as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === "number" ? status : undefined;
}

/** What the engine said, without dockerode's wrapping. */
export function engineMessage(error: unknown): string {
  if (isSilence(error)) return SILENT;
  if (!(error instanceof Error)) return String(error);
  const said = (error as { json?: { message?: unknown } }).json?.message;
  if (typeof said === "string" && said !== "") return said.trim();
  return error.message.replace(/^\(HTTP code \d+\) [^-]* - /, "").trim() || error.name;
}

/** The removal of something that is gone, or that somebody else is removing, has got what it wanted. */
export function isGone(error: unknown): boolean {
  return statusOf(error) === 404;
}

/** First match wins. */
const MENDS: readonly { readonly when: RegExp; readonly mend: string }[] = [
  { when: /no space left on device/i, mend: "make room: docker system df, then docker system prune" },
  { when: /Pool overlaps|no available.*(pool|address)|Address already in use/i, mend: "repro clean" },
  {
    when: /already in use by container|network with name .* already exists/i,
    mend: "see whose it is: docker ps -a; docker network ls; remove it if nobody needs it",
  },
  { when: /No such image/i, mend: "repro images" },
];

function mendFor(seen: string): string {
  return (
    MENDS.find(({ when }) => when.test(seen))?.mend ??
    "see what is wrong with the engine: docker info; repro doctor"
  );
}
