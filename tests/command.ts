import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../", import.meta.url));

/** The real command, as a process of its own. */
export interface Command {
  readonly pid: number;
  /** Resolves when it has printed such a line, or rejects with what it printed when it ends without one. */
  prints(pattern: RegExp): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** As a terminal does it: to this process, and to all that it has started. */
  pressCtrlC(): void;
  readonly ended: Promise<Ended>;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function startRepro(args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
  const child = spawn(process.execPath, ["repro.ts", ...args], {
    cwd: REPOSITORY,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, as in a shell.
    detached: true,
  });
  const said = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  const tell = () => {
    for (const look of waiting) look();
  };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      said[stream] += text;
      tell();
    });
  }
  let isOver = false;
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      isOver = true;
      resolve({ exitCode, signal, ...said });
      tell();
    });
  });
  return {
    pid: child.pid ?? 0,
    ended,
    signal: (signal) => void child.kill(signal),
    pressCtrlC: () => void process.kill(-(child.pid ?? Number.NaN), "SIGINT"),
    prints: async (pattern) =>
      await new Promise((resolve, reject) => {
        const look = () => {
          const line = said.stdout
            .split("\n")
            .slice(0, -1)
            .find((candidate) => pattern.test(candidate));
          if (line === undefined && !isOver) return;
          waiting.delete(look);
          if (line === undefined)
            reject(new Error(`it never printed ${String(pattern)}:\n${said.stdout}${said.stderr}`));
          else resolve(line);
        };
        waiting.add(look);
        look();
      }),
  };
}
