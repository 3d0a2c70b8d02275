import { accessSync, constants, existsSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Stack } from "../../engines/engine.ts";
import { EnvironmentError, UsageError } from "../../errors.ts";
import { quote } from "../../report/by-hand/shell.ts";
import type { System } from "../../systems/system.ts";

/** Where somebody keeps what they were given for another cloud nothing is written. @throws UsageError, EnvironmentError */
export function checkCloudFile(path: string): void {
  if (existsSync(path)) {
    throw new UsageError(
      `--as-cloud ${path}: it is there already; accepted is a file to be written. If it is of a cloud that is gone: rm ${quote(path)}`,
    );
  }
  try {
    accessSync(dirname(resolve(path)), constants.W_OK);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** All that edges and CLI are told of this cloud, as `.env` has it: asked of its own orchestrator. */
export async function cloudFile(
  stack: Stack,
  { looksLeaveLinesOn }: System,
  edgeImage: string,
): Promise<string> {
  const ask = async (...words: readonly string[]) => {
    const argv = ["expanso-orchestrator", ...words];
    const { exitCode, stdout, stderr } = await stack.machine(looksLeaveLinesOn).exec(argv);
    if (exitCode === 0) return stdout.trim();
    throw new EnvironmentError({
      wanted: `a cloud: ${argv.join(" ")}`,
      seen: stderr.trim(),
      mend: "repro up --as-cloud takes a build that makes tokens: leave --system out",
    });
  };
  const [token, apiKey] = await Promise.all([ask("token", "create"), ask("api-key")]);
  const api = `http://${stack.outside ?? "localhost"}:9010`;
  return [
    `EXPANSO_EDGE_BOOTSTRAP_TOKEN=${token}`,
    `EXPANSO_EDGE_BOOTSTRAP_URL=${api}`,
    `EXPANSO_ENDPOINT=${api}`,
    `EXPANSO_CLI_AUTH_API_KEY=${apiKey}`,
    // By its id: the tag is moved by whoever builds next.
    `EXPANSO_EDGE_IMAGE=${edgeImage}`,
    "",
  ].join("\n");
}

/** Nobody else may read it. @throws EnvironmentError */
export function writeCloudFile(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): EnvironmentError {
  return new EnvironmentError({
    wanted: `write ${path}`,
    seen: cause instanceof Error ? cause.message : String(cause),
    mend: "name a file in a folder that can be written: --as-cloud FILE",
    cause,
  });
}

/** As `--timing` and `--set` have it. */
export interface Pace {
  readonly timing: string;
  readonly set: readonly string[];
}

/** What can be done with it, for people: a cloud's pace nobody can ask it, so a run is told. Pure. */
export function cloudLines(path: string, { timing, set }: Pace): readonly string[] {
  const file = resolve(path);
  const reads = file === resolve(".env") ? "" : `set -a; . ${quote(file)}; set +a; `;
  const pace = [
    `--timing ${quote(timing)}`,
    ...(set.length === 0 ? [] : [`--set ${set.map(quote).join(" ")}`]),
  ];
  return [
    `  ${path} has its token, its addresses and its key: whoever has them is let in`,
    `  ${reads}pnpm repro --system cloud ${pace.join(" ")}`,
    `  ${reads}docker compose up -d`,
  ];
}
