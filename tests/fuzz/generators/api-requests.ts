import fc from "fast-check";
import { aJob } from "./job-specs.ts";
import { jsonLike, ODD_WORDS, type Json } from "./json-text.ts";

/** A request with placeholders in it; `fill` goes over its path and body. */
export interface ApiRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: string;
}

const none: fc.Arbitrary<string> = fc.constantFrom("", "", "", "{}", "null", "[");

const deployment = jsonLike(
  fc.record(
    {
      spec: fc.oneof(
        { weight: 4, arbitrary: aJob },
        { weight: 1, arbitrary: aJob.map((spec) => ({ spec })) },
      ),
      force: fc.boolean(),
      dry_run: fc.boolean(),
    },
    { requiredKeys: ["spec"] },
  ) as fc.Arbitrary<Json>,
);

const registration = jsonLike(
  fc.record(
    {
      token: fc.constantFrom("", "wrong", "expired.wrong.token"),
      public_key: fc.constantFrom(`U${"A".repeat(55)}`, "UA"),
      name: fc.nat(9).map((number) => `registered-${number}`),
      hostname: fc.constant("host"),
      os: fc.constant("linux"),
      arch: fc.constant("x64"),
      agent_version: fc.constant("0.1.0"),
      labels: fc.constantFrom<Json[]>({}, { edge: "edge1" }),
    },
    { requiredKeys: ["public_key", "name", "hostname", "os", "arch", "agent_version"] },
  ) as fc.Arbitrary<Json>,
);

const deletion = jsonLike(fc.record({ force: fc.boolean(), reason: fc.constantFrom("", "tried out") }));

/** What stands for an id: mostly one that is there. */
const idOf = (...known: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...known) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        ...ODD_WORDS.map((word) => encodeURIComponent(word)),
        "%",
        "%E0%A4%A",
        "%ff",
        "%00",
        ".",
        "..",
        "a%2Fb",
        "-",
        "diff",
        "register",
        "x".repeat(5_000),
      ),
    },
    { weight: 1, arbitrary: fc.string({ unit: "binary-ascii", maxLength: 12 }).map(encodeURIComponent) },
  );

const node = idOf("{{node 0}}", "{{node 1}}", "{{phantom 0}}", "{{phantom 1}}", "-");
const job = idOf("{{job 0}}", "{{job 1}}", "{{job 2}}", "fuzz-a", "fuzz-b");
const execution = idOf("{{execution 0}}", "{{execution 3}}", "{{execution 7}}");

const fixed = (method: string, path: string, body: fc.Arbitrary<string> = none) =>
  fc.record({ method: fc.constant(method), path: fc.constant(path), body });
const about = (method: string, id: fc.Arbitrary<string>, before: string, after: string, body = none) =>
  fc.record({ method: fc.constant(method), path: id.map((one) => before + one + after), body });

const meant: fc.Arbitrary<ApiRequest> = fc.oneof(
  { weight: 12, arbitrary: fixed("PUT", "/jobs", deployment) },
  { weight: 3, arbitrary: fixed("PUT", "/jobs/diff", deployment) },
  { weight: 4, arbitrary: about("PUT", job, "/jobs/", "", deployment) },
  { weight: 4, arbitrary: fixed("POST", "/nodes/register", registration) },
  { weight: 3, arbitrary: about("DELETE", node, "/nodes/", "", deletion) },
  { weight: 2, arbitrary: about("PUT", job, "/jobs/", "/rerun") },
  { weight: 2, arbitrary: about("POST", job, "/jobs/", "/stop") },
  { weight: 2, arbitrary: about("DELETE", job, "/jobs/", "") },
  { weight: 1, arbitrary: about("GET", node, "/nodes/", "") },
  { weight: 1, arbitrary: about("GET", job, "/jobs/", "") },
  ...["/versions", "/history", "/executions", "/evaluations"].map((list) => ({
    weight: 1,
    arbitrary: about("GET", job, "/jobs/", list),
  })),
  { weight: 1, arbitrary: about("GET", execution, "/executions/", "") },
  { weight: 1, arbitrary: about("GET", execution, "/executions/", "/history") },
  ...["/health", "/status", "/nodes", "/nodes/-/stats", "/jobs", "/executions"].map((path) => ({
    weight: 1,
    arbitrary: fixed("GET", path),
  })),
);

const parameter = fc
  .tuple(
    fc.constantFrom("limit", "next_token", "order_by", "order", "job_id", "node_ids", "states", "x"),
    fc.oneof(
      fc.constantFrom("1", "0", "-1", "1e3", "99999999999999999999", "asc", "desc", "name", "created_at"),
      fc.constantFrom("running", "{{job 0}}", "{{node 0}}", "%", "%ff", "NaN", "0x10", "٣"),
      fc.constantFrom(...ODD_WORDS).map(encodeURIComponent),
    ),
  )
  .map(([name, value]) => `${name}=${value}`);

const query = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  {
    weight: 3,
    arbitrary: fc.array(parameter, { minLength: 1, maxLength: 4 }).map((all) => `?${all.join("&")}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("?", "??", "?&&=", "#top", "?a[b]=1&a[b]=2", `?${"q=1&".repeat(2_000)}`),
  },
);

const METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS", "TRACE"] as const;

/** Requests to the API: as clients mean them, and with each part of them wrong. */
export const apiRequest: fc.Arbitrary<ApiRequest> = fc
  .record({
    meant,
    query,
    odd: fc.oneof(
      { weight: 9, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
    ),
    prefix: fc.oneof(
      { weight: 30, arbitrary: fc.constant("/api/v1") },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          "",
          "/api",
          "/api/v2",
          "//api/v1",
          "/api/v1/",
          "/API/V1",
          "http://h/api/v1",
        ),
      },
    ),
  })
  .map(({ meant: { method, path, body }, query, prefix, odd }) => ({
    method: odd ?? method,
    path: prefix + path + query,
    body,
  }));
