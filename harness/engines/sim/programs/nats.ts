import { formatRfc3339 } from "../../../../controlplane/pipeline/index.ts";
import { createNatsServer, NATS_PORT } from "./nats-server.ts";
import type { Program } from "./program.ts";

/** nats-server on a simulated machine. */
export const natsProgram: Program = (world) => {
  const server = createNatsServer({
    print: (line) => world.print("stderr", line),
    printTime: () => natsTime(world.nowMs()),
  });
  world.network.listen(NATS_PORT, (socket) => server.accept(guarded(socket)));
  return () => world.exit(0);

  /** What reaches a frozen server waits. */
  function guarded(socket: Parameters<typeof server.accept>[0]): Parameters<typeof server.accept>[0] {
    return {
      ...socket,
      onMessage: (listener) => socket.onMessage((message) => world.process.run(() => listener(message))),
      onClose: (listener) => socket.onClose(() => world.process.run(listener)),
    };
  }
};

let lastSecondMs = -1;
let lastSecondText = "";

/** `2026/01/01 00:00:00.123456`. */
function natsTime(nowMs: number): string {
  const secondMs = Math.floor(nowMs / 1_000) * 1_000;
  if (secondMs !== lastSecondMs) {
    lastSecondMs = secondMs;
    lastSecondText = formatRfc3339(secondMs).slice(0, 19).replaceAll("-", "/").replace("T", " ");
  }
  const micros = Math.floor((nowMs - secondMs) * 1_000);
  return `${lastSecondText}.${String(micros).padStart(6, "0")}`;
}
