import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { giveToCluster } from "../../harness/engines/sim/programs/given.ts";
import { createRandomStreams } from "../../harness/engines/sim/time/random-streams.ts";
import { createSimCredentials } from "../../harness/engines/sim/programs/credentials.ts";
import { startRepro } from "../command.ts";
import { ARTIFACTS, filesOf, secretsIn } from "../secrets.ts";

const SEED = 7;

it(
  "no secret of a simulated run is printed, or in any file of its report",
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "repro-secrets-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const run = startRepro([
      "--engine",
      "sim",
      "--timing",
      "fast",
      "--seed",
      String(SEED),
      "--verbose",
      "--out",
      folder,
    ]);
    const { exitCode, stdout, stderr } = await run.ended;
    expect(exitCode, `it said: ${stderr}`).toBe(0);
    const files = filesOf(folder);
    expect([...files.keys()]).toEqual(expect.arrayContaining([...ARTIFACTS]));

    const streamOf = createRandomStreams(SEED);
    const given = giveToCluster(streamOf("secrets"), 0);
    const secret = given["cluster_key"]!;
    const cluster = createSimCredentials(streamOf("secrets")).openCluster(secret);
    const values = { "the cluster's key": secret, "its API key": cluster.apiKey };
    expect(secretsIn(new Map([...files, ["stdout", stdout], ["stderr", stderr]]), values)).toEqual([]);
    // The same cluster: it is named in the log, and its name follows from the key.
    expect(files.get("logs/orchestrator.log")).toContain(`cluster=${cluster.clusterId}`);
  },
);

it("what is a secret is found wherever it is", () => {
  const chance = createRandomStreams(SEED)("secrets");
  const { cluster_key: secret = "", bootstrap_token: token } = giveToCluster(chance, 0);
  const credentials = createSimCredentials(chance);
  const { seed, publicKey } = credentials.createKey();
  const cluster = credentials.openCluster(secret);
  const jwt = cluster.admit({ publicKey, name: "n", permissions: { publish: [">"], subscribe: [">"] } });
  const text = new Map([
    ["log", `key=${secret} token=${token} seed=${seed} api=${cluster.apiKey} "jwt":"${jwt}"`],
  ]);
  expect(secretsIn(text, { "the key": secret })).toEqual([
    "log has the key",
    "log looks as if it had a bootstrap token",
    "log looks as if it had an API key",
    "log looks as if it had the seed of a key",
    "log looks as if it had a JWT",
  ]);
});
