import {
  HttpUnreachableError,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
} from "../../../../controlplane/ports/http.ts";
import type { SimProcess } from "../process/process.ts";
import { ConnectError, type Attachment } from "./network.ts";

/** How long a request waits for its answer unless it says so. */
const ANSWER_TIMEOUT_MS = 30_000;

/** HTTP requests over the simulated network, one connection each. */
export function createSimHttpClient(at: {
  readonly machine: string;
  readonly process: SimProcess;
  readonly network: Attachment;
}): HttpClient {
  const { process, network } = at;
  return {
    request: async (request) => {
      const url = new URL(request.url);
      const host = url.hostname === "localhost" || url.hostname === "127.0.0.1" ? at.machine : url.hostname;
      const port = Number(url.port || 80);
      const socket = await network.connect(host, port).catch((error: unknown) => {
        throw new HttpUnreachableError(
          request.url,
          error instanceof ConnectError ? error.message : String(error),
        );
      });
      return new Promise<HttpResponse>((resolve, reject) => {
        const limit = process.clock.after(request.timeoutMs ?? ANSWER_TIMEOUT_MS, () => {
          socket.destroy();
          reject(new HttpUnreachableError(request.url, "no answer in time"));
        });
        socket.onMessage((answer) =>
          process.run(() => {
            limit.cancel();
            socket.destroy();
            resolve(answer as HttpResponse);
          }),
        );
        socket.onClose(() =>
          process.run(() => {
            limit.cancel();
            reject(new HttpUnreachableError(request.url, "socket hang up"));
          }),
        );
        socket.send(request);
      });
    },
  };
}

/** Serves an API on a port of a machine, until its process ends. */
export function serveHttp(
  at: { readonly process: SimProcess; readonly network: Attachment },
  port: number,
  fetch: (request: Request) => Response | Promise<Response>,
): void {
  at.network.listen(port, (socket) => {
    socket.onMessage((message) =>
      at.process.run(() => {
        void answer(message as HttpRequest).then((response) => at.process.run(() => socket.send(response)));
      }),
    );
  });

  async function answer({ method, url, headers, body }: HttpRequest): Promise<HttpResponse> {
    const response = await fetch(
      new Request(url, { method, headers: { ...headers }, ...(body === undefined ? {} : { body }) }),
    );
    return { status: response.status, body: await response.text() };
  }
}
