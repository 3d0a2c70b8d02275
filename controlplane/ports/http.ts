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

export class HttpUnreachableError extends Error {
  override readonly name = "HttpUnreachableError";
  constructor(url: string, reason: string, options?: ErrorOptions) {
    super(`no answer from ${url}: ${reason}`, options);
  }
}
