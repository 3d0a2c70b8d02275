import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";

/** Stops a process, and resolves when all of its threads stand still: each does so by itself, a little later. */
export async function pauseProcess(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  while (!statesOf(pid).every((state) => state.startsWith("T"))) await setImmediate();
}

export function resumeProcess(pid: number): void {
  process.kill(pid, "SIGCONT");
}

function statesOf(pid: number): string[] {
  if (process.platform !== "linux") {
    return [spawnSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim()];
  }
  const tasks = `/proc/${pid}/task`;
  // The state follows the program's name, which stands in brackets.
  return readdirSync(tasks).map((id) => readFileSync(`${tasks}/${id}/stat`, "utf8").split(") ")[1] ?? "");
}
