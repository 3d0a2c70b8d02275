import fc from "fast-check";
import { apiRequest, type ApiRequest } from "./api-requests.ts";
import { fill, type Targets } from "./placeholders.ts";

/** How a request is wrong as HTTP, whatever it asks for. */
const FLAWS = [
  "none",
  "longer-than-said",
  "shorter-than-said",
  "two-lengths",
  "length-in-words",
  "chunks",
  "broken-chunks",
  "both-measures",
  "no-host",
  "no-version",
  "version-9",
  "header-without-colon",
  "header-with-zero",
  "large-header",
  "many-headers",
  "odd-method",
  "upgrade",
  "expects-to-continue",
  "expects-more",
  "connect",
  "twice-at-once",
  "bytes-that-are-no-text",
  "zeros-instead",
  "nothing",
  "large-body",
] as const;

export interface WireRequest {
  readonly request: ApiRequest;
  readonly flaw: (typeof FLAWS)[number];
}

/** Requests as bytes, half of them no HTTP. */
export const wireRequest: fc.Arbitrary<WireRequest> = fc.record({
  request: apiRequest,
  flaw: fc.oneof(
    { weight: 1, arbitrary: fc.constant("none" as const) },
    { weight: 1, arbitrary: fc.constantFrom(...FLAWS) },
  ),
});

/** What goes over the wire. */
export function bytesOf(
  { request, flaw }: WireRequest,
  to: { readonly targets: Targets; readonly authorization?: string | undefined },
): Buffer {
  const body = flaw === "large-body" ? "x".repeat(2 * 1024 * 1024) : fill(request.body, to.targets);
  const bytes = Buffer.byteLength(body);
  const method = flaw === "odd-method" ? "BR\u0001EW" : flaw === "connect" ? "CONNECT" : request.method;
  const version = flaw === "no-version" ? "" : flaw === "version-9" ? " HTTP/9.9" : " HTTP/1.1";
  const headers = [
    ...(flaw === "no-host" ? [] : ["host: fuzz"]),
    ...(to.authorization === undefined ? [] : [`authorization: ${to.authorization}`]),
    ...(flaw === "twice-at-once" ? [] : ["connection: close"]),
    ...(HEADERS[flaw]?.(bytes) ?? [`content-length: ${bytes}`]),
  ];
  const head = `${method} ${fill(request.path, to.targets)}${version}\r\n${headers.join("\r\n")}\r\n\r\n`;
  switch (flaw) {
    case "nothing":
      return Buffer.alloc(0);
    case "zeros-instead":
      return Buffer.alloc(300);
    case "chunks":
    case "broken-chunks":
    case "both-measures": {
      const size = flaw === "broken-chunks" ? "zz" : bytes.toString(16);
      return Buffer.from(`${head}${bytes === 0 ? "" : `${size}\r\n${body}\r\n`}0\r\n\r\n`);
    }
    case "twice-at-once":
      return Buffer.from(`${head}${body}${head}${body}`);
    case "bytes-that-are-no-text":
      return Buffer.concat([Buffer.from(head), Buffer.alloc(bytes, 0xc3)]);
    default:
      return Buffer.from(head + body);
  }
}

const HEADERS: Partial<Record<WireRequest["flaw"], (bytes: number) => readonly string[]>> = {
  "longer-than-said": (bytes) => [`content-length: ${Math.max(0, bytes - 5)}`],
  "shorter-than-said": (bytes) => [`content-length: ${bytes + 5}`],
  "two-lengths": (bytes) => [`content-length: ${bytes}`, `content-length: ${bytes + 1}`],
  "length-in-words": () => ["content-length: many"],
  chunks: () => ["transfer-encoding: chunked"],
  "broken-chunks": () => ["transfer-encoding: chunked"],
  "both-measures": (bytes) => [`content-length: ${bytes}`, "transfer-encoding: chunked"],
  "header-without-colon": (bytes) => ["nonsense", `content-length: ${bytes}`],
  "header-with-zero": (bytes) => ["x: a\u0000b", `content-length: ${bytes}`],
  "large-header": (bytes) => [`x: ${"y".repeat(20_000)}`, `content-length: ${bytes}`],
  "many-headers": (bytes) => [
    ...Array.from({ length: 3_000 }, (_, at) => `x${at}: 1`),
    `content-length: ${bytes}`,
  ],
  upgrade: (bytes) => ["upgrade: websocket", "connection: upgrade", `content-length: ${bytes}`],
  "expects-to-continue": (bytes) => ["expect: 100-continue", `content-length: ${bytes}`],
  "expects-more": (bytes) => ["expect: more", `content-length: ${bytes}`],
};
