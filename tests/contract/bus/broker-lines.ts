/** The broker's own record (`-DV`), line by line, over all its lives. */
export interface BrokerLines {
  readonly lines: readonly string[];
  readonly add: (line: string) => void;
  /** Resolves with the first line that matches, be it past or to come. */
  readonly until: (match: RegExp) => Promise<string>;
}

export function createBrokerLines(): BrokerLines {
  const lines: string[] = [];
  const waiting = new Set<(line: string) => void>();
  return {
    lines,
    add: (line) => {
      lines.push(line);
      for (const look of waiting) look(line);
    },
    until: (match) => {
      const found = lines.find((line) => match.test(line));
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve) => {
        const look = (line: string): void => {
          if (!match.test(line)) return;
          waiting.delete(look);
          resolve(line);
        };
        waiting.add(look);
      });
    },
  };
}

export function closingOf(client: string): RegExp {
  return new RegExp(`:${client}" - Client connection closed`);
}
