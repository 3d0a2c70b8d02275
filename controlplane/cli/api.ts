import { HttpUnreachableError, type HttpClient, type HttpRequest, type HttpResponse } from "../ports/http.ts";
import { API_PREFIX, type WireError, type WireList, type WireProblem } from "../protocol/http.ts";
import { CliError } from "./cli-error.ts";
import type { Connection } from "./connection.ts";

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The orchestrator's HTTP API (spec 2-contract), as commands use it. Everything throws CliError. */
export interface Api {
  readonly endpoint: string;
  /** The body of a successful answer. @throws ApiError for any other answer. */
  call<T>(method: HttpRequest["method"], path: string, body?: unknown): Promise<T>;
  /** All items of a list, page after page; asks for the next page only when it is wanted. */
  list<T>(path: string, query?: Query): AsyncGenerator<T, void>;
}

/** The orchestrator answered, and it was not a success. */
export class ApiError extends CliError {
  override readonly name = "ApiError";
  readonly status: number;
  readonly problems: readonly WireProblem[];
  constructor(status: number, message: string, problems: readonly WireProblem[] = []) {
    // What it calls invalid will be invalid again.
    super(status === 400 ? 64 : 1, message);
    this.status = status;
    this.problems = problems;
  }
}

export function createApi(http: HttpClient, connection: Connection): Api {
  const { endpoint, endpointFrom, apiKey, timeoutMs } = connection;

  return {
    endpoint,
    call: <T>(method: HttpRequest["method"], path: string, body?: unknown) =>
      request<T>(method, path, {}, body),

    async *list<T>(path: string, query: Query = {}) {
      let token: string | undefined;
      do {
        const list: WireList<T> = await request("GET", path, { ...query, next_token: token });
        if (!Array.isArray(list.items)) throw new ApiError(200, strange("no list"));
        yield* list.items;
        // A token that stays the same would have us ask for ever.
        if (list.next_token === token) return;
        token = list.next_token;
      } while (token !== undefined && token !== "");
    },
  };

  async function request<T>(
    method: HttpRequest["method"],
    path: string,
    query: Query,
    body?: unknown,
  ): Promise<T> {
    const response = await send({
      method,
      url: `${endpoint}${API_PREFIX}${path}${queryText(query)}`,
      headers: {
        accept: "application/json",
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      timeoutMs,
    });
    const json = parseJson(response.body);
    if (response.status < 200 || response.status > 299) throw failure(response, json);
    if (typeof json !== "object" || json === null) throw new ApiError(response.status, strange("no JSON"));
    return json as T;
  }

  async function send(request: HttpRequest): Promise<HttpResponse> {
    try {
      return await http.request(request);
    } catch (error) {
      if (!(error instanceof HttpUnreachableError)) throw error;
      const endpointAdvice = `${endpoint} comes from ${endpointFrom}, --endpoint URL names another`;
      const message = `${error.message}; is the orchestrator up? (${endpointAdvice})`;
      throw new CliError(1, message, { cause: error });
    }
  }

  function failure({ status }: HttpResponse, json: unknown): ApiError {
    const { message, problems } = (json ?? {}) as Partial<WireError>;
    if (typeof message === "string")
      return new ApiError(status, message, Array.isArray(problems) ? problems : []);
    if (status === 401 || status === 403) {
      return new ApiError(
        status,
        `${endpoint} refuses the API key; set --api-key or EXPANSO_CLI_AUTH_API_KEY`,
      );
    }
    return new ApiError(status, strange(`HTTP ${status}`));
  }

  function strange(saw: string): string {
    return `${endpoint} (from ${endpointFrom}) answers unlike an Expanso orchestrator (${saw}); check --endpoint`;
  }
}

function queryText(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : (value ?? [])).map((one) => `${name}=${encodeURIComponent(one)}`),
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
