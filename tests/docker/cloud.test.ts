import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { findThings, removeThings } from "../../harness/engines/docker/stack/ours.ts";
import type { Result } from "../../harness/report/result.ts";
import { makeSecrets } from "../../harness/systems/expanso/own-program.ts";
import { startRepro, type Command } from "../command.ts";
import { composeOrSkip } from "./compose/find-compose.ts";
import { SEED_000, SEED_001 } from "./compose/seed-cloud.ts";
import { openShell, type Shell } from "./compose/shell.ts";
import { follow } from "./compose/step.ts";
import { aRunId, dockerOrSkip, REPOSITORY } from "./engine.ts";
import { countOf, NOTHING, thingsOf } from "./things.ts";

/** `--system cloud`, and a cloud to be it: a stack on another network, of which edges and CLI have token, key and address. */
const found = await dockerOrSkip();
const composes = found && composeOrSkip(["edge1", "edge2"]);
const folder = mkdtempSync(join(tmpdir(), "repro-cloud-"));
const CLOUD = aRunId();
/** As `up` has people type it. */
let pace: readonly string[] = [];
let command: Command | undefined;
let told: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  if (found === undefined) return;
  const file = join(folder, "cloud.env");
  const { exitCode, stdout, stderr } = await startRepro(["up", "--name", CLOUD, "--as-cloud", file]).ended;
  if (exitCode !== 0) throw new Error(`there is no cloud: ${stdout}${stderr}`);
  pace = / repro --system cloud (.*)/.exec(stdout)?.[1]?.split(" ") ?? [];
  told = parseEnv(readFileSync(file, "utf8")) as Record<string, string>;
}, 300_000);
afterEach(async () => {
  command?.signal("SIGKILL");
  await command?.ended;
  if (command !== undefined) await removeThings(found!.docker, await thingsOf(found!.docker, command.pid));
});
afterAll(async () => {
  if (found !== undefined) await removeThings(found.docker, await findThings(found.docker, "run", CLOUD));
  rmSync(folder, { recursive: true });
});

describe.skipIf(found === undefined)("a cloud", { timeout: 300_000 }, () => {
  it("shows the bug, proven, and is left as it was", async () => {
    const { exitCode, result, said } = await run();
    expect(result, `it said: ${said}`).toMatchObject({
      system: "cloud",
      scenario: "ghost-of-old-identity",
      verdict: "violated",
      expected: "violated",
      loss: "L8",
      proof: { proven: true },
      because: expect.stringContaining("judged by states alone, the orchestrator's log"),
    });
    expect(exitCode).toBe(0);
    expect(await left()).toEqual({ nodes: [], jobs: [] });
  });

  it("and the control: a job that is deployed to nodes that are there runs", async () => {
    const { exitCode, result, said } = await run({}, "deploy-all-connected");
    expect(result?.verdict, `it said: ${said}`).toBe("held");
    expect(exitCode).toBe(0);
    expect(await left()).toEqual({ nodes: [], jobs: [] });
  });

  it("that stands has written its file already: another is refused, and none is written", async () => {
    const other = join(folder, "other.env");
    const { exitCode, stderr } = await startRepro(["up", "--name", CLOUD, "--as-cloud", other]).ended;
    expect(stderr).toMatch(
      /^repro: --as-cloud \S+other\.env: the stack "\S+" stands already, .* Remove it first/,
    );
    expect(exitCode).toBe(64);
    expect(existsSync(other)).toBe(false);
  });

  it.each([
    {
      what: "an endpoint that refuses",
      env: () => Promise.resolve({ EXPANSO_ENDPOINT: "http://127.0.0.1:1" }),
      line: /^repro: ask the orchestrator at http:\/\/127\.0\.0\.1:1: expanso-cli: .*refused.*\n {2}mend: .*EXPANSO_ENDPOINT/,
    },
    {
      what: "a key that the API does not know",
      env: () => Promise.resolve({ EXPANSO_CLI_AUTH_API_KEY: "expanso_wrong" }),
      line: /^repro: ask the orchestrator at \S+: expanso-cli: .*key.*\n {2}mend: .*EXPANSO_CLI_AUTH_API_KEY/,
    },
    {
      what: "a wrong token",
      env: () => Promise.resolve({ EXPANSO_EDGE_BOOTSTRAP_TOKEN: "ebt1.not-quite" }),
      line: /^repro: a place for edge[12] in the cloud: \S+: the bootstrap token is none that this orchestrator has made.*\n {2}mend: .*EXPANSO_EDGE_BOOTSTRAP_TOKEN/,
    },
    {
      what: "a token for another cluster",
      env: async () => ({ EXPANSO_EDGE_BOOTSTRAP_TOKEN: (await makeSecrets())["bootstrap_token"] ?? "" }),
      line: /^repro: a place for edge[12] in the cloud: \S+: the bootstrap token is for cluster \w+, this orchestrator is of cluster \w+.*\n {2}mend: .*EXPANSO_EDGE_BOOTSTRAP_URL/,
    },
  ])("$what: one line, exit 3, and nothing left behind", async ({ env, line }) => {
    const { exitCode, stderr } = await run(await env());
    expect(stderr).toMatch(line);
    expect(exitCode).toBe(3);
    expect(await left()).toEqual({ nodes: [], jobs: [] });
  });

  it.skipIf(composes === undefined)("seed 000, the cloud, as it is typed", async () => {
    expect(await types(SEED_000)).toMatch(/ test-heartbeat +pipeline +2 +deploying/);
  });

  it.skipIf(composes === undefined)("seed 001, the cloud, as it is typed", async () => {
    expect(await types(SEED_001)).toMatch(/ test-heartbeat +pipeline +3 +deploying/);
  });
});

/** Everything that is left there. */
async function left() {
  const list = async (kind: string) => {
    const words = ["cli", "--name", CLOUD, kind, "list", "--format", "json"];
    const { stdout, stderr } = await startRepro(words).ended;
    if (!stdout.trim().startsWith("[")) throw new Error(`${words.join(" ")}: ${stdout}${stderr}`);
    return (JSON.parse(stdout) as { readonly spec: { readonly name: string } }[]).map(
      ({ spec }) => spec.name,
    );
  };
  return { nodes: await list("node"), jobs: await list("job") };
}

/** Also that nothing secret is in anything that it prints or leaves. */
async function run(env: Readonly<Record<string, string>> = {}, ...words: readonly string[]) {
  const out = join(folder, `run-${Math.random()}`);
  const settings = { ...told, ...env };
  command = startRepro(
    ["run", ...words, "--system", "cloud", ...pace, "--out", out, "--format", "json"],
    settings,
  );
  const { exitCode, stdout, stderr } = await command.ended;
  expect(await countOf(found!.docker, command.pid)).toEqual(NOTHING);
  const secrets = [settings["EXPANSO_EDGE_BOOTSTRAP_TOKEN"], settings["EXPANSO_CLI_AUTH_API_KEY"]];
  const printed = [stdout, stderr, ...filesIn(out)];
  for (const secret of secrets) expect(printed.filter((text) => text.includes(secret ?? "?"))).toEqual([]);
  const result = stdout === "" ? undefined : (JSON.parse(stdout) as Result);
  return { exitCode, result, stderr, said: stdout + stderr };
}

/** Of a run that was refused before it began there is no folder. */
function filesIn(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
}

/** Somebody with `expanso-cli` installed and `.env` filled in; with what the list of jobs says in the end. */
async function types(steps: Parameters<typeof follow>[0]): Promise<string> {
  const cli = join(folder, "expanso-cli");
  writeFileSync(cli, `#!/bin/sh\nexec ${process.execPath} ${REPOSITORY}/controlplane/bin/cli.ts "$@"\n`);
  chmodSync(cli, 0o755);
  const PROJECT = `${CLOUD}-edges`;
  const shell = openShell(composes?.[0] ?? "docker compose", {
    ...told,
    PROJECT,
    PATH: `${folder}:${process.env["PATH"] ?? ""}`,
  });
  try {
    await follow(steps, { shell, orchestrator: `repro-${CLOUD}-orchestrator` });
    return (await shell.types("expanso-cli job list --endpoint $EXPANSO_ENDPOINT")).text;
  } finally {
    // "Cleanup"
    await shell.types("docker compose -p $PROJECT down -v");
    await forget(shell);
  }
}

/** The next one begins with a cloud that holds nothing. */
async function forget(shell: Shell): Promise<void> {
  await shell.types("expanso-cli job stop test-heartbeat --endpoint $EXPANSO_ENDPOINT");
  const { text } = await shell.types("expanso-cli node list --format json --endpoint $EXPANSO_ENDPOINT");
  for (const { id } of JSON.parse(text) as { readonly id: string }[])
    await shell.types(
      `expanso-cli node delete ${id} --yes --force --reason over --endpoint $EXPANSO_ENDPOINT`,
    );
  let said = "";
  for (let tries = 0; tries < 50; tries += 1) {
    const { exitCode, text: answer } = await shell.types(
      "expanso-cli job delete test-heartbeat --endpoint $EXPANSO_ENDPOINT",
    );
    if (exitCode === 0) return;
    said = answer;
  }
  throw new Error(`test-heartbeat could not be deleted: ${said}`);
}
