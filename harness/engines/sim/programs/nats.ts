import { formatRfc3339 } from "../../../../controlplane/pipeline/index.ts";
import type { CloseReason, Socket } from "../network/network.ts";
import { readBrokerConfig } from "./credentials.ts";
import { createNatsServer, NATS_PORT } from "./nats-server.ts";
import type { Program } from "./program.ts";

/** nats-server on a simulated machine. */
export const natsProgram: Program = (world) => {
  const server = createNatsServer({
    print: (line) => world.print("stderr", line),
    printTime: () => natsTime(world.nowMs()),
    admit: readBrokerConfig(world.disk.read("auth.conf")),
  });
  world.network.listen(NATS_PORT, (socket) => {
    const waiting = guarded(socket);
    world.process.run(() => server.accept(waiting));
  });
  return () => world.exit(0);

  /** What reaches a frozen server waits: new connections, which the kernel takes for it, and what they say. */
  function guarded(socket: Socket): Socket {
    let receive: ((message: unknown) => void) | undefined;
    let close: ((why: CloseReason) => void) | undefined;
    socket.onMessage((message) => world.process.run(() => receive?.(message)));
    socket.onClose((why) => world.process.run(() => close?.(why)));
    return {
      ...socket,
      onMessage: (listener) => {
        receive = listener;
      },
      onClose: (listener) => {
        close = listener;
      },
    };
  }
};

let last = { nowMs: -1, text: "" };
let lastSecond = { ms: -1, text: "" };

/** `2026/01/01 00:00:00.123456`. One message makes several lines, and one second many messages. */
function natsTime(nowMs: number): string {
  if (nowMs === last.nowMs) return last.text;
  const secondMs = Math.floor(nowMs / 1_000) * 1_000;
  if (secondMs !== lastSecond.ms) {
    const text = formatRfc3339(secondMs).slice(0, 19).replaceAll("-", "/").replace("T", " ");
    lastSecond = { ms: secondMs, text };
  }
  const micros = Math.floor((nowMs - secondMs) * 1_000);
  last = { nowMs, text: `${lastSecond.text}.${String(micros).padStart(6, "0")}` };
  return last.text;
}
