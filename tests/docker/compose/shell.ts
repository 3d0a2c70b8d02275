import { spawn, type ChildProcess } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { REPOSITORY } from "../engine.ts";
import type { Compose } from "./find-compose.ts";

/** What anything here may take at the most; a busy machine takes its time. */
const LIMIT_MS = 120_000;

/** Somebody at a shell, in the folder of the repository. */
export interface Shell {
  /** Types something and waits for its end. */
  readonly types: (command: string) => Promise<Said>;
  /** Types something that goes on, in a terminal of its own. */
  readonly leavesRunning: (command: string) => Running;
}

export interface Said {
  readonly exitCode: number | null;
  /** Standard output and error as they come, as a person reads them. */
  readonly text: string;
}

export interface Running {
  readonly text: () => string;
  /** Resolves once this has been said so often; says what was said instead when it ends before, or takes too long. */
  readonly says: (pattern: RegExp, times?: number) => Promise<void>;
  /** How often this has been said. */
  readonly count: (pattern: RegExp) => number;
  /** Presses Ctrl-C, and waits for the end. */
  readonly interrupts: () => Promise<void>;
}

/** `docker compose` is typed as it is called here. What asks for a terminal (`-it`) gets one. */
export function openShell(compose: Compose, env: Readonly<Record<string, string>>): Shell {
  const start = (command: string): ChildProcess => {
    const typed = command.replaceAll("docker compose", compose);
    const needsTerminal = typed.includes(" -it ");
    const [program, ...words] = needsTerminal
      ? (["script", "-qec", typed, "/dev/null"] as const)
      : (["bash", "-c", typed] as const);
    return spawn(program, words, {
      cwd: REPOSITORY,
      env: { ...process.env, NO_COLOR: "1", ...env },
      // Somebody at a terminal does not end the input.
      stdio: [needsTerminal ? "pipe" : "ignore", "pipe", "pipe"],
    });
  };
  return {
    types: async (command) => {
      const child = start(command);
      let text = "";
      listen(child, (more) => (text += more));
      return await new Promise((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (exitCode) => resolve({ exitCode, text: asRead(text) }));
      });
    },
    leavesRunning: (command) => running(command, start(`exec ${command}`)),
  };
}

/** The log of a container, from its beginning and as it grows. */
export function followLog(container: string): Running {
  return running(`the log of ${container}`, spawn("docker", ["logs", "--follow", container]));
}

function running(name: string, child: ChildProcess): Running {
  let text = "";
  let isOver = false;
  const waiting = new Set<() => void>();
  const tell = () => {
    for (const look of waiting) look();
  };
  listen(child, (more) => {
    text += more;
    tell();
  });
  const ended = new Promise<void>((resolve) => {
    for (const end of ["error", "close"] as const)
      child.on(end, () => {
        isOver = true;
        resolve();
        tell();
      });
  });
  const count = (pattern: RegExp) => [...text.matchAll(new RegExp(pattern, `g${pattern.flags}`))].length;
  const says = async (pattern: RegExp, times = 1) =>
    await new Promise<void>((resolve, reject) => {
      const end = (why?: string) => {
        waiting.delete(look);
        clearTimeout(limit);
        if (why === undefined) return resolve();
        const last = text.split("\n").slice(-40).join("\n");
        const seen = `${String(pattern)} ${count(pattern)} times, not ${times}`;
        reject(new Error(`${name}: ${seen}, ${why}; at last:\n${last}`));
      };
      const look = () => {
        if (count(pattern) >= times) end();
        else if (isOver) end("when it ended");
      };
      const limit = setTimeout(() => end(`within ${LIMIT_MS / 1_000} s`), LIMIT_MS);
      waiting.add(look);
      look();
    });
  return {
    text: () => text,
    says,
    count,
    interrupts: async () => {
      child.kill("SIGINT");
      await ended;
    },
  };
}

/** A terminal gets colours, and lines that end differently. */
function asRead(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\r\n", "\n"));
}

function listen(child: ChildProcess, hear: (more: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", hear);
}
