import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const REPOSITORY = fileURLToPath(new URL("../", import.meta.url));

/** A person at a terminal of their own, in which the real command runs. */
export interface Terminal {
  /** Of the command itself. */
  readonly commandPid: () => number;
  /** Resolves once this has been shown since the last call; rejects with what was shown if the command ends first. */
  readonly shows: (pattern: RegExp) => Promise<void>;
  /** Types a line. */
  readonly types: (line: string) => void;
  /** Presses Ctrl-C. */
  readonly interrupts: () => void;
  /** Presses Ctrl-D: there is no more input. */
  readonly hangsUp: () => void;
  /** Everything that was written, control sequences and all. */
  readonly raw: () => string;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly shown: string }>;
  readonly kill: () => void;
}

/**
 * Why no terminal can be made here, if so: util-linux's `script` makes one, and is part of every Debian; the printed
 * reason says what is missing.
 */
export function noTerminal(): string | undefined {
  const { stdout, error } = spawnSync("script", ["--version"], { encoding: "utf8" });
  const isThere = error === undefined && /util-linux/.test(stdout);
  const reason = isThere ? undefined : "no pseudo-terminal: util-linux's `script` is not installed";
  if (reason !== undefined) process.stderr.write(`skipped: ${reason}\n`);
  return reason;
}

/** `./repro.ts ARGS` in a pseudo-terminal of so many columns, without colour unless asked for. */
export function openTerminal(
  args: readonly string[],
  options: {
    readonly columns?: number;
    readonly colour?: boolean;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Terminal {
  const { columns = 80, colour = false, env } = options;
  const words = [process.execPath, "repro.ts", ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qfec", `stty cols ${columns} rows 50; exec ${words}`, "/dev/null"], {
    cwd: REPOSITORY,
    env: {
      ...process.env,
      TERM: "xterm-256color",
      NO_COLOR: colour ? "" : "1",
      FORCE_COLOR: undefined,
      // Somebody's terminal is meant, wherever the tests run: in CI a library takes even a terminal for a log.
      CI: undefined,
      ...env,
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let shown = "";
  let seenTo = 0;
  let isOver = false;
  const waiting = new Set<() => void>();
  const tell = () => {
    for (const look of waiting) look();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    tell();
  });
  // Whoever types on when the command has ended types into nothing.
  child.stdin.on("error", () => {});
  const ended = new Promise<{ exitCode: number | null; shown: string }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => {
      isOver = true;
      resolve({ exitCode, shown: asRead(shown) });
      tell();
    });
  });
  return {
    // `script` has one child, the shell, which the command has taken the place of.
    commandPid: () => Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim()),
    ended,
    shows: async (pattern) =>
      await new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(shown.slice(seenTo));
          if (match === null && !isOver) return;
          waiting.delete(look);
          if (match === null) return reject(new Error(`it never showed ${String(pattern)}:\n${shown}`));
          seenTo += match.index + match[0].length;
          resolve();
        };
        waiting.add(look);
        look();
      }),
    types: (line) => void child.stdin.write(`${line}\n`),
    interrupts: () => void child.stdin.write("\u0003"),
    hangsUp: () => void child.stdin.write("\u0004"),
    raw: () => shown,
    kill: () => void child.kill("SIGKILL"),
  };
}

/** What is left on the screen to be read: no control sequences, and of a line that was written over the last state. */
function asRead(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => stripVTControlCharacters(line.split("\r").at(-1) ?? ""))
    .join("\n");
}
