import { existsSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { publishOnce } from "./publish-once.ts";

/** `nats-publish URL SUBJECT < PAYLOAD`: see docs/proof.md. In the image of the orchestrator. */
const CREDS = "/run/expanso/nats.creds";
const [url = "", subject = "", ...more] = process.argv.slice(2);
if (url === "" || !/^\S+$/.test(subject) || more.length > 0) {
  process.stderr.write("usage: nats-publish nats://HOST:PORT SUBJECT < PAYLOAD\n");
  process.exit(64);
}
try {
  // Where the orchestrator leaves them for tools on its machine.
  const creds = existsSync(CREDS) ? readFileSync(CREDS, "utf8") : undefined;
  await publishOnce({ url, subject, payload: await text(process.stdin), creds });
} catch (error) {
  process.stderr.write(`nats-publish: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
