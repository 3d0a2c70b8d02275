/**
 * How long a silent connection lives. Our NATS client pings every 10 s and gives up after two that went
 * unanswered, so after 20 to 30 s; nats-server pings every 2 min and gives up after 4 to 6.
 */
export const CLIENT_GIVES_UP_MS = { from: 20_000, to: 30_000 } as const;
export const SERVER_GIVES_UP_MS = { from: 240_000, to: 360_000 } as const;
