/**
 * Lets creations through until it is closed, and then waits for those under way: so that clean-up sees everything
 * there is, and nothing comes after it.
 */
export interface Gate {
  /** @throws if the gate is closed. */
  through<T>(create: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function createGate(what: string): Gate {
  const underWay = new Set<Promise<unknown>>();
  let closed = false;
  return {
    async through(create) {
      if (closed) throw new Error(`${what} is being removed: nothing can be added to it any more`);
      const task = create();
      underWay.add(task);
      try {
        return await task;
      } finally {
        underWay.delete(task);
      }
    },
    async close() {
      closed = true;
      await Promise.allSettled(underWay);
    },
  };
}
