import type { Strategy } from "./recovery.ts";

/**
 * The seeds' "periodic re-sync": the comparison of `pull`, whenever the digest that a heartbeat carries differs from
 * what the orchestrator believes. Needs no handshake, so it also cures what nobody noticed.
 */
export const resync: Strategy = { comparesDigests: true };
