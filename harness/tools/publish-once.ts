import { connect } from "node:net";
import { proveBy, type NatsProof } from "./nats-proof.ts";

/** How long a broker on the same network may take for all of it. */
const LIMIT_MS = 5_000;

/**
 * Hands one message to a NATS server, and resolves when the server has taken it in. Speaks as much of the
 * protocol as that needs, so that the program is small and the same whatever system it is sent for.
 * @throws Error with what was last seen.
 */
export function publishOnce(at: {
  /** `nats://nats:4222`. */
  readonly url: string;
  readonly subject: string;
  readonly payload: string;
  /** The text of a credentials file, for a server that wants some. */
  readonly creds?: string | undefined;
  readonly limitMs?: number;
}): Promise<void> {
  const { hostname, port } = new URL(at.url);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host: hostname, port: Number(port || 4222) });
  let heard = "";
  let saidAt = -1;
  const fail = (what: string) =>
    reject(new Error(`${at.url}: ${what}; last heard: ${lastLine(heard) || "nothing"}`));
  socket.setEncoding("utf8");
  socket.setTimeout(at.limitMs ?? LIMIT_MS, () => fail("no answer in time"));
  socket.on("error", (error) => fail(error.message));
  socket.on("close", () => fail("closed the connection"));
  socket.on("data", (text: string) => {
    heard += text;
    const info = saidAt === -1 ? /^INFO (?<json>.*)\r\n/.exec(heard)?.groups?.["json"] : undefined;
    if (info !== undefined) {
      saidAt = heard.length;
      try {
        const { nonce } = JSON.parse(info) as { nonce?: string };
        const isAsked = nonce !== undefined && at.creds !== undefined;
        socket.write(conversation(at, isAsked ? proveBy(at.creds, nonce) : undefined));
      } catch (error) {
        fail(error instanceof Error ? error.message : String(error));
      }
    }
    const answer = saidAt === -1 ? "" : heard.slice(saidAt);
    if (answer.includes("-ERR")) fail("refused it");
    else if (answer.includes("PONG\r\n")) resolve();
  });
  return promise.finally(() => socket.destroy());
}

/** The answer to the ping says that everything before it was taken in. */
function conversation(
  { subject, payload }: { readonly subject: string; readonly payload: string },
  proof: NatsProof | undefined,
): string {
  const options = JSON.stringify({
    verbose: false,
    pedantic: false,
    name: "nats-publish",
    lang: "node",
    version: "1",
    ...proof,
  });
  return `CONNECT ${options}\r\nPUB ${subject} ${Buffer.byteLength(payload)}\r\n${payload}\r\nPING\r\n`;
}

function lastLine(text: string): string {
  return text.trimEnd().split("\r\n").at(-1) ?? "";
}
