/** What a route gets of a request. */
export interface Call {
  /** What stands for `:id` in the path, decoded; empty where the route has none. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** Becomes JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Of words and, at most once, `:id`: `/jobs/:id/versions`. */
  readonly path: string;
  /** @throws ApiFailure */
  readonly answer: (call: Call) => Answer;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** Finds the route for a request; where two would do, the first. */
export function createRouter(
  routes: readonly Route[],
): (method: string, path: string) => { readonly route: Route; readonly id: string } | undefined {
  const split = routes.map((route) => ({ route, words: route.path.split("/") }));
  return (method, path) => {
    const given = path.split("/");
    for (const { route, words } of split) {
      if (route.method !== method || words.length !== given.length) continue;
      const fits = words.every((word, index) =>
        word === ":id" ? given[index] !== "" : word === given[index],
      );
      if (fits) return { route, id: decode(given[words.indexOf(":id")] ?? "") };
    }
    return undefined;
  };
}

/** As it is, if it only looks encoded. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
