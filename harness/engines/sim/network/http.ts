import {
  HttpUnreachableError,
  type HttpClient,
  type HttpHandler,
  type HttpRequest,
  type HttpResponse,
} from "../../../../controlplane/ports/http.ts";
import type { SimProcess } from "../process/process.ts";
import { ConnectError, type Attachment, type Socket } from "./network.ts";

/** As the real client words them: people read these lines, and the simulation shows what they would read. */
const REASONS: Readonly<Record<ConnectError["code"], string>> = {
  ECONNREFUSED: "connection refused (ECONNREFUSED)",
  ENOTFOUND: "no such host (ENOTFOUND)",
  ETIMEDOUT: "the host does not answer (ETIMEDOUT)",
};

/** HTTP requests over the simulated network, one connection each. */
export function createSimHttpClient(at: {
  readonly machine: string;
  readonly process: SimProcess;
  readonly network: Attachment;
}): HttpClient {
  const { process, network } = at;
  return {
    request: (request) =>
      new Promise((resolve, reject) => {
        const { url, timeoutMs } = request;
        const { hostname, port } = new URL(url);
        const host = hostname === "localhost" || hostname === "127.0.0.1" ? at.machine : hostname;
        let socket: Socket | undefined;
        let isOver = false;
        const over = (tell: () => void): void => {
          if (isOver) return;
          isOver = true;
          limit?.cancel();
          socket?.destroy();
          tell();
        };
        const refuse = (reason: string): void => {
          over(() => reject(new HttpUnreachableError(url.replace(/\?.*$/s, ""), reason)));
        };
        // Bounds the whole exchange, from the connection on.
        const limit =
          timeoutMs === undefined
            ? undefined
            : process.clock.after(timeoutMs, () => refuse(`nothing for ${timeoutMs} ms`));
        network.connect(host, Number(port || 80)).then(
          (connected) =>
            process.run(() => {
              socket = connected;
              if (isOver) connected.destroy();
              connected.onMessage((answer) => process.run(() => over(() => resolve(answer as HttpResponse))));
              connected.onClose(() => process.run(() => refuse("the connection was cut (ECONNRESET)")));
              connected.send(request);
            }),
          (error: unknown) =>
            process.run(() => refuse(error instanceof ConnectError ? REASONS[error.code] : String(error))),
        );
      }),
  };
}

/** Serves an API on a port of a machine, until its process ends. */
export function serveHttp(
  at: { readonly process: SimProcess; readonly network: Attachment },
  port: number,
  handle: HttpHandler,
): void {
  at.network.listen(port, (socket) => {
    socket.onMessage((message) =>
      at.process.run(() => {
        void answer(message as HttpRequest).then((response) => at.process.run(() => socket.send(response)));
      }),
    );
  });

  async function answer({ method, url, headers = {}, body = "" }: HttpRequest): Promise<HttpResponse> {
    const { pathname, search } = new URL(url);
    const name = Object.keys(headers).find((candidate) => candidate.toLowerCase() === "authorization");
    const authorization = name === undefined ? undefined : headers[name];
    return await handle({ method, target: `${pathname}${search}`, authorization, body });
  }
}
