import type { Strategy } from "./recovery.ts";

/**
 * The seeds' "pull mechanism", "catchup on reconnect": after each handshake the edge tells what it has and gets
 * what it should have. Cures every loss that a handshake follows.
 */
export const pull: Strategy = { comparesOnHandshake: true };
