import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../harness/engines/docker/discovery/connect.ts";
import type { FoundEngine } from "./engine.ts";

/** An engine that nobody else uses: it may be stopped, killed and started again. */
export interface OwnEngine extends FoundEngine, AsyncDisposable {
  /** For a command that is to use it. */
  readonly env: { readonly DOCKER_HOST: string };
  start(): Promise<void>;
  /** As an upgrade does it: containers are stopped first. */
  stop(): Promise<void>;
  /** With everything it runs, as by a power cut. */
  kill(): Promise<void>;
  /** Stands still: it takes calls, and answers none. */
  freeze(): void;
  thaw(): void;
}

/** What gives it namespaces of its own. */
const APART = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** Why none can be started here, if so; the reason is printed. */
export function noOwnEngine(): string | undefined {
  const reason = whyNot();
  if (reason !== undefined) process.stderr.write(`skipped: ${reason}\n`);
  return reason;
}

function whyNot(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    return "an engine of the tests' own needs Linux and root";
  if (spawnSync("dockerd", ["--version"]).error !== undefined)
    return "an engine of the tests' own needs dockerd";
  const { status, stderr } = spawnSync("unshare", [...APART, "true"], { encoding: "utf8" });
  return status === 0
    ? undefined
    : `an engine of the tests' own needs namespaces of its own: ${stderr ?? "no unshare"}`;
}

/**
 * A second dockerd in namespaces of its own: its bridges, mounts and processes are nobody else's, and end with it.
 * Everything in /run is new at each start, as on a machine that was started again.
 */
export async function ownEngine(): Promise<OwnEngine> {
  const folder = mkdtempSync(join(tmpdir(), "repro-engine-"));
  const socketPath = join(folder, "docker.sock");
  const docker = connect({ kind: "socket", path: socketPath }, {});
  const dockerd = [
    "dockerd",
    `--host=unix://${socketPath}`,
    `--data-root=${join(folder, "data")}`,
    "--exec-root=/run/docker",
    "--pidfile=/run/docker.pid",
    // Networks of our own need neither, and a kernel without all of it does too.
    "--bridge=none --iptables=false --ip6tables=false",
  ].join(" ");
  let child: ChildProcess | undefined;
  let log = "";

  const start = async () => {
    const started = spawn("unshare", [...APART, "sh", "-c", `mount -t tmpfs tmpfs /run && exec ${dockerd}`], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    child = started;
    log = "";
    await new Promise<void>((resolve, reject) => {
      started.stderr.setEncoding("utf8").on("data", (text: string) => {
        log = (log + text).slice(-4_000);
        if (log.includes("API listen on")) resolve();
      });
      started.once("error", reject);
      started.once("close", (code) => reject(new Error(`dockerd ended with ${code}:\n${log}`)));
    });
    await docker.ping();
  };
  const pid = () =>
    Number(readFileSync(`/proc/${child!.pid}/task/${child!.pid}/children`, "utf8").trim().split(" ")[0]);
  const ended = async (end: () => void) => {
    if (child === undefined) return;
    const exit = once(child, "close");
    end();
    await exit;
    child = undefined;
  };
  const kill = async () => await ended(() => process.kill(pid(), "SIGKILL"));

  try {
    await start();
  } catch (error) {
    await kill();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    kind: "found",
    docker,
    title: "an engine of the tests' own",
    from: socketPath,
    endpoint: { kind: "socket", path: socketPath },
    env: { DOCKER_HOST: `unix://${socketPath}` },
    start,
    stop: async () => await ended(() => process.kill(pid(), "SIGTERM")),
    kill,
    freeze: () => void process.kill(pid(), "SIGSTOP"),
    thaw: () => void process.kill(pid(), "SIGCONT"),
    async [Symbol.asyncDispose]() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
