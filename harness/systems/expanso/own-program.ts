import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A program of the control plane in this repository, from its sources, on this machine. */
export function runOwnProgram(
  name: "cli" | "new-cluster",
  argv: readonly string[],
  stdin = "",
  /** Instead of this process's own. */
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const program = fileURLToPath(new URL(`../../../controlplane/bin/${name}.ts`, import.meta.url));
  return new Promise((resolve, reject) => {
    // Ctrl-C in a terminal goes to a whole group of processes: what it ends is for this one to say.
    const child = spawn(process.execPath, [program, ...argv], { stdio: "pipe", env, detached: true });
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        said[stream] += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...said }));
    // One that ends without having read it all says why by its exit code.
    child.stdin.on("error", () => {});
    child.stdin.end(stdin);
  });
}

/** What the machines of a new cluster are given: made through a pipe, and never on this disk. */
export async function makeSecrets(): Promise<Readonly<Record<string, string>>> {
  const { code, stdout, stderr } = await runOwnProgram("new-cluster", []);
  if (code === 0) return JSON.parse(stdout) as Record<string, string>;
  throw new Error(`a new cluster could not be made: ${stderr.trim()}`);
}
