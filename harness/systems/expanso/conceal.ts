import { NATS } from "./machines.ts";

/**
 * nats-server prints all of CONNECT in its trace. What a client shows there proves nothing without its key; in a report
 * it has no place all the same.
 */
export function conceal(text: string, machine: string): string {
  if (machine !== NATS || !text.includes("[CONNECT {")) return text;
  return text.replaceAll(/"(jwt|sig|pass|auth_token)":"[^"]*"/g, '"$1":"…"');
}
