/** Calls an HTTP API: by socket in a container, in process in simulation. */
export interface HttpClient {
  /**
   * Sends one request and reads the whole answer, whatever its status.
   * @throws HttpUnreachableError when no answer came at all.
   */
  request(request: HttpRequest): Promise<HttpResponse>;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Absolute, with query. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
  readonly timeoutMs?: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly body: string;
}

/** A request as it arrives at a server. */
export interface IncomingHttpRequest {
  readonly method: string;
  /** Path and query as they were sent: `/api/v1/jobs?limit=10`. */
  readonly target: string;
  /** The header of that name. */
  readonly authorization: string | undefined;
  /** Empty if there is none. */
  readonly body: string;
}

/** Answers one request, whoever brings it: a socket in a container, a simulated connection. */
export type HttpHandler = (request: IncomingHttpRequest) => HttpResponse | Promise<HttpResponse>;

export class HttpUnreachableError extends Error {
  override readonly name = "HttpUnreachableError";
  constructor(url: string, reason: string, options?: ErrorOptions) {
    super(`no answer from ${url}: ${reason}`, options);
  }
}
