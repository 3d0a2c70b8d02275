/**
 * Where time comes from: the system clock in a container, a virtual one in simulation.
 * Whoever tells the time also lets you wait, so that no code can wait on another clock.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch (in simulation, since the run's fixed start). */
  nowMs(): number;
  /**
   * Runs `task` once, `delayMs` later on this clock. A delay of 0 runs it as soon as the work that is
   * settled now is done, never before the caller returns.
   */
  after(delayMs: number, task: () => void): Timer;
}

/** A task that waits for its time. */
export interface Timer {
  /** Takes the task back; does nothing if it has run already. */
  cancel(): void;
}
