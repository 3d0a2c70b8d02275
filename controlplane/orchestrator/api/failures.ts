import type { ErrorCode, WireError, WireProblem } from "../../protocol/http.ts";

/** A request that cannot be answered with a success; becomes `{code, message}` with its HTTP status. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly status: 400 | 401 | 404 | 409 | 413 | 422;
  readonly body: WireError;
  constructor(code: Exclude<ErrorCode, "INTERNAL">, message: string, problems?: readonly WireProblem[]) {
    super(message);
    this.status = STATUS[code];
    this.body = problems === undefined ? { code, message } : { code, message, problems };
  }
}

const STATUS = {
  INVALID: 400,
  TOO_LARGE: 413,
  UNAUTHORIZED: 401,
  TOKEN_MISSING: 401,
  TOKEN_UNKNOWN: 401,
  TOKEN_EXPIRED: 401,
  TOKEN_OF_ANOTHER_CLUSTER: 401,
  NOT_FOUND: 404,
  NAME_TAKEN: 409,
  CONFLICT: 409,
  NO_CHANGES_DETECTED: 422,
} as const;
