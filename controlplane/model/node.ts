/** One edge agent as the orchestrator knows it. */
export interface EdgeNode {
  /** A bare UUID. */
  readonly id: string;
  readonly name: string;
  readonly hostname: string;
  readonly os: string;
  readonly arch: string;
  readonly agentVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly connection: NodeConnection;
  /** Why the connection state is what it is. */
  readonly message: string;
  readonly connectedSinceMs?: number | undefined;
  readonly disconnectedSinceMs?: number | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly revision: number;
}

export type NodeConnection = "connected" | "disconnected" | "lost" | "deleted";

/**
 * Legal moves of a node's connection state (seed 002, "Node Connection States"; spec 1-system adds
 * connected → connected, a new handshake). `undefined` stands for a node not known yet.
 */
const NODE_MOVES: Readonly<Record<NodeConnection | "new", readonly NodeConnection[]>> = {
  new: ["disconnected", "connected"],
  connected: ["connected", "disconnected", "deleted"],
  disconnected: ["connected", "lost", "deleted"],
  lost: ["connected", "deleted"],
  deleted: [],
};

export function isLegalNodeMove(from: NodeConnection | undefined, to: NodeConnection): boolean {
  return NODE_MOVES[from ?? "new"].includes(to);
}

/**
 * The scheduler counts on connected nodes and tolerates disconnected ones (spec 1-system, scheduler). One that has an
 * id and has never shaken hands was never there to be away: what is sent to it would be refused, and lost.
 */
export function isSchedulable({ connection, disconnectedSinceMs }: EdgeNode): boolean {
  return connection === "connected" || (connection === "disconnected" && disconnectedSinceMs !== undefined);
}
