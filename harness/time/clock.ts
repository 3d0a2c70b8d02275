/**
 * The clock that the harness waits on: real with Docker, virtual in simulation. Nothing in the harness
 * that runs while a cluster lives may wait on anything else.
 */
export interface HarnessClock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Runs `task` once, `delayMs` later. */
  after(delayMs: number, task: () => void): { cancel(): void };
}
