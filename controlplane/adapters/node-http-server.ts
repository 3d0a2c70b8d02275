import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { HttpHandler } from "../ports/http.ts";

/** In bytes; a handler may want less. More is never read: anybody may send, and memory has an end. */
const LARGEST_BODY = 8 * 1024 * 1024;

/** Serves JSON by socket. For `getBuiltinModule` see `node-http-client.ts`: an import would load undici. */
export function serveNodeHttp(
  handle: HttpHandler,
  at: { readonly hostname: string; readonly port: number },
  onListening: (port: number) => void = () => {},
): Server {
  const server = process.getBuiltinModule("node:http").createServer((request, response) => {
    answer(handle, request, response).catch((error: unknown) => {
      // The client has hung up, or what it sent is not to be read: there is nobody to tell.
      response.destroy(error instanceof Error ? error : undefined);
    });
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
  const text = await textOf(request);
  if (text === undefined) {
    // What was not read cannot be waited for.
    response.writeHead(413, { connection: "close" }).end();
    return;
  }
  const { status, body } = await handle({
    method,
    target: url,
    authorization: headers.authorization,
    body: text,
  });
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** Undefined if it is too long. */
async function textOf(request: IncomingMessage): Promise<string | undefined> {
  request.setEncoding("utf8");
  let text = "";
  for await (const part of request as AsyncIterable<string>) {
    text += part;
    if (text.length > LARGEST_BODY) return undefined;
  }
  return text;
}
