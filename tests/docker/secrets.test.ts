import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { describe, expect, it, onTestFinished } from "vitest";
import { startRepro } from "../command.ts";
import { ARTIFACTS, filesOf, secretsIn } from "../secrets.ts";
import { NODE } from "./a-machine.ts";
import { dockerOrSkip } from "./engine.ts";
import { LABELS } from "../../harness/engines/docker/labels.ts";
import { findThings, removeThings } from "../../harness/engines/docker/stack/ours.ts";

const found = await dockerOrSkip();

/** Where the secrets of a cluster are. */
const PLACES = {
  "the cluster's key": ["orchestrator", "/var/lib/expanso/orchestrator/cluster.key"],
  "the API key": ["orchestrator", "/run/expanso/api-key"],
  "the orchestrator's credentials": ["orchestrator", "/run/expanso/nats.creds"],
  "the bootstrap token": ["edge1", "/var/lib/expanso/edge/bootstrap-token"],
  "the first edge's credentials": ["edge1", "/var/lib/expanso/edge/identity.json"],
  "the second edge's credentials": ["edge2", "/var/lib/expanso/edge/identity.json"],
} as const;

describe.skipIf(found === undefined)("the headline in containers", { timeout: 300_000 }, () => {
  it("has secrets, and prints none, nor leaves one in any file of its report", async () => {
    const folder = mkdtempSync(join(tmpdir(), "repro-secrets-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const run = startRepro([
      "--engine",
      "docker",
      "--timing",
      "fast",
      "--keep",
      "--verbose",
      "--out",
      folder,
    ]);
    const { stdout, stderr } = await run.ended;
    const files = filesOf(folder);
    expect([...files.keys()], `it said: ${stderr}`).toEqual(expect.arrayContaining([...ARTIFACTS]));
    const id = /^# Run +(?<id>\S+)/m.exec(files.get("repro.sh") ?? "")?.groups?.["id"] ?? "";
    expect(id).not.toBe("");
    onTestFinished(async () => {
      await removeThings(found!.docker, await findThings(found!.docker, "run", id));
    });

    const values = Object.entries(PLACES).flatMap(([what, [machine, path]]) =>
      secretsOf(
        docker("exec", `repro-${id}-${machine}`, NODE, "-p", `fs.readFileSync("${path}", "utf8")`),
      ).map((value) => [what, value] as const),
    );
    // Each place has at least one; credentials have a JWT and a seed.
    expect(new Set(values.map(([what]) => what)).size).toBe(Object.keys(PLACES).length);
    expect(values.length).toBe(9);

    // A place may have several.
    const named = Object.fromEntries(values.map(([what, value], at) => [`${what} (${at})`, value]));
    const told = new Map([...files, ["stdout", stdout], ["stderr", stderr]]);
    expect(secretsIn(told, named)).toEqual([]);
    // Nor is one where anybody who may ask the engine sees it: in arguments, environment or labels.
    const seen = docker(
      "inspect",
      ...docker("ps", "--all", "--quiet", "--filter", `label=${LABELS.run}=${id}`)
        .split("\n")
        .filter((line) => line !== ""),
      `repro-${id}`,
    );
    expect(secretsIn(new Map([["docker inspect", seen]]), named)).toEqual([]);
    // They would have been found: the broker's own trace has what was shown to it, which the report leaves out.
    const trace = docker("logs", `repro-${id}-nats`);
    expect(secretsIn(new Map([["trace", trace]]), {})).toEqual(["trace looks as if it had a JWT"]);
  });
});

/** The texts in a file that are long enough to be secret. */
function secretsOf(text: string): readonly string[] {
  return [
    ...text.matchAll(/\bSU[A-Z2-7]{56}\b|\beyJ[\w.-]{40,}|ebt1\.[\w.-]+|expanso_[\w-]+|\b[0-9a-f]{64}\b/g),
  ].map(([value]) => value);
}

function docker(...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("docker", words, {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`docker ${words[0]}: ${stderr}`);
  return stdout + stderr;
}
