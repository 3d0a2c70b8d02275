import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { HttpHandler } from "../ports/http.ts";
import { LARGEST_BODY, tooLargeBody, type WireError } from "../protocol/http.ts";

/** Serves JSON by socket. For `getBuiltinModule` see `node-http-client.ts`: an import would load undici. */
export function serveNodeHttp(
  handle: HttpHandler,
  at: { readonly hostname: string; readonly port: number },
  onListening: (port: number) => void = () => {},
): Server {
  const { createServer } = process.getBuiltinModule("node:http");
  // Nothing here depends on the host that was asked for, and the library would refuse without a word of why.
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    answer(handle, request, response).catch((error: unknown) => {
      // The client has hung up, or what it sent is not to be read: there is nobody to tell.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
    refuse(response, 417, invalid(`expect: "${request.headers.expect}" is not met here`));
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => refuseUnread(socket, error));
  server.on("connect", (_, socket: Duplex) => {
    // The library hands this one over: nobody else hears that the client has gone, and unheard that ends the process.
    socket.on("error", () => {});
    refuseUnread(socket, {});
  });
  server.listen(at.port, at.hostname, () => {
    const address = server.address();
    onListening(typeof address === "object" && address !== null ? address.port : at.port);
  });
  return server;
}

async function answer(
  handle: HttpHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "", url = "", headers } = request;
  const read = await bodyOf(request);
  if (!read.ok) return refuse(response, read.status, read.error);
  const { status, body } = await handle({
    method,
    target: url,
    authorization: headers.authorization,
    body: read.text,
  });
  send(response, status, body);
}

type Reading =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly status: 400 | 413; readonly error: WireError };

/**
 * The whole body; of one that is too large nothing more is kept. It is read to its end all the same: a connection that
 * is closed with something unread in it takes the answer with it.
 */
async function bodyOf(request: IncomingMessage): Promise<Reading> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= LARGEST_BODY) parts.push(part);
  }
  if (bytes > LARGEST_BODY) return { ok: false, status: 413, error: tooLargeBody() };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts));
    return { ok: true, text };
  } catch {
    return { ok: false, status: 400, error: invalid("the request is not a text in UTF-8") };
  }
}

function invalid(message: string): WireError {
  return { code: "INVALID", message };
}

/** The rest of the request is not waited for, so the connection ends with this answer. */
function refuse(response: ServerResponse, status: number, error: WireError): void {
  response.setHeader("connection", "close");
  send(response, status, JSON.stringify(error));
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** What the library could not read as HTTP gets an answer like everything else, as far as anybody still listens. */
function refuseUnread(
  socket: Duplex,
  { code, message }: Partial<Pick<NodeJS.ErrnoException, "code" | "message">>,
): void {
  if (!socket.writable || code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const [status, why] = UNREAD[code ?? ""] ?? ["400 Bad Request", message ?? "this is no proxy"];
  const body = JSON.stringify(invalid(`the request is not HTTP as it is read here: ${why}`));
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

const UNREAD: Readonly<Record<string, readonly [status: string, why: string]>> = {
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "its headers are too large"],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ["413 Payload Too Large", "its chunk extensions are too large"],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "it has not come to its end in time"],
};
