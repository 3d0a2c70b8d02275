import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import type { BrokerLines } from "../broker-lines.ts";
import { pauseProcess, resumeProcess } from "./pause.ts";

/** Loopback ports for tests: below those that the system gives to outgoing connections. */
const FIRST_PORT = 15_300;
const PORTS = 100;

const PROGRAM = "nats-server";

/** Why there is no real broker to compare with, if so. */
export function natsServerMissing(): string | undefined {
  return spawnSync(PROGRAM, ["--version"]).status === 0
    ? undefined
    : `there is no ${PROGRAM} on the PATH (Debian: apt-get install nats-server)`;
}

export interface NatsServer {
  readonly port: number;
  readonly pause: () => Promise<void>;
  /** Does nothing if it is not paused, or has ended. */
  readonly resume: () => void;
  /** As SIGKILL; resolves when it has ended. */
  readonly kill: () => Promise<void>;
}

/** Ends with this process, however that ends: the shell kills it when its standard input closes. */
const KEPT_BY_A_PIPE = '"$@" & echo $!; read -r _; kill -9 $!; wait $!';

export interface NatsServerOptions {
  readonly port?: number | undefined;
  /** A file of settings. */
  readonly config?: string | undefined;
}

/** Starts one on a free port, or on the given one; resolves when it takes connections. */
export async function startNatsServer(
  record: BrokerLines,
  { port, config }: NatsServerOptions = {},
): Promise<NatsServer> {
  const ports =
    port === undefined
      ? Array.from({ length: PORTS }, (_, index) => FIRST_PORT + ((process.pid + index) % PORTS))
      : [port];
  for (const candidate of ports) {
    const server = await tryPort(record, candidate, config === undefined ? [] : ["-c", config]);
    if (server !== undefined) return server;
  }
  throw new Error(`no nats-server could listen on ${ports.length} port(s) from ${ports[0]}`);
}

async function tryPort(
  record: BrokerLines,
  port: number,
  settings: readonly string[],
): Promise<NatsServer | undefined> {
  const shell = spawn(
    "sh",
    ["-c", KEPT_BY_A_PIPE, "sh", PROGRAM, "-a", "127.0.0.1", "-p", String(port), "-DV", ...settings],
    {
      // Ctrl-C in the terminal is for the tests, which then close the pipe.
      detached: true,
    },
  );
  const ended = new Promise<void>((resolve) => {
    shell.once("close", () => resolve());
  });
  const pid = new Promise<number>((resolve) => {
    createInterface(shell.stdout).once("line", (line) => resolve(Number(line)));
  });
  const ready = new Promise<boolean>((resolve) => {
    createInterface(shell.stderr).on("line", (line) => {
      if (line.endsWith("Server is ready")) resolve(true);
      else if (line.includes("[FTL]")) resolve(false);
      record.add(line);
    });
  });
  const kill = async (): Promise<void> => {
    shell.stdin.end();
    await ended;
  };
  if (!(await ready)) {
    await kill();
    return undefined;
  }
  const server = await pid;
  return {
    port,
    kill,
    pause: () => pauseProcess(server),
    resume: () => {
      if (shell.exitCode === null) resumeProcess(server);
    },
  };
}
