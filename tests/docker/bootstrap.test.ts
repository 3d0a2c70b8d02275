import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemCredentials } from "../../controlplane/adapters/system-credentials.ts";
import { createToken } from "../../controlplane/orchestrator/api/bootstrap-token.ts";
import { permissionsOfEdge } from "../../controlplane/protocol/subjects.ts";
import { createDockerEngine } from "../../harness/engines/docker/docker-engine.ts";
import type { Stack } from "../../harness/engines/engine.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import { PROFILES } from "../../harness/timing/profile.ts";
import { NODE } from "./a-machine.ts";
import { aRunId, dockerOrSkip, REPOSITORY } from "./engine.ts";
import { linesOf } from "./lines.ts";

const found = await dockerOrSkip();
const SHAPE = { edges: 1, timing: PROFILES["fast"]!.timing, fix: "none" };
const given = systemCredentials.createSecret();
const ours = systemCredentials.openCluster(given);
const others = systemCredentials.openCluster(systemCredentials.createSecret());
const HOUR_MS = 3_600_000;

let stack: Stack;
let lines: ReturnType<typeof linesOf>;

describe.skipIf(found === undefined)("a cluster in containers", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    const engine = await createDockerEngine({ ...found!, repository: REPOSITORY });
    await engine.prepare(bundledSystem.images, () => {});
    stack = await engine.openStack({
      runId: aRunId(),
      machines: bundledSystem.machines(SHAPE),
      secrets: () =>
        Promise.resolve({
          cluster_key: given,
          nats_conf: ours.brokerConfig(),
          bootstrap_token: createToken(ours, Date.now() + HOUR_MS),
        }),
    });
    lines = linesOf(stack);
    await Promise.all(stack.machines().map((machine) => machine.start()));
    await lines.next("orchestrator", /TRANSPORT: Data plane ready/);
  }, 300_000);
  afterAll(async () => await stack?.[Symbol.asyncDispose]());

  describe("gives an identity to whoever shows a token of it; anybody else gets one line, 64, and nothing else", () => {
    it.each([
      ["of this cluster", () => createToken(ours, Date.now() + HOUR_MS), 0, /^[0-9a-f-]{36}\n$/],
      ["that is none", () => "sesame", 64, refused("is none that this orchestrator has made")],
      [
        "that has expired",
        () => createToken(ours, Date.now() - HOUR_MS),
        64,
        refused(String.raw`expired at 20\S+Z`),
      ],
      [
        "of another cluster",
        () => createToken(others, Date.now() + HOUR_MS),
        64,
        refused(`is for cluster ${others.clusterId}, this orchestrator is of cluster ${ours.clusterId}`),
      ],
      [
        "that is missing",
        () => "",
        64,
        /^expanso-edge: \S+: a bootstrap token is wanted, and none was given.*\n$/,
      ],
    ])("a token %s", async (what, token, exitCode, said) => {
      const dataDir = `/tmp/${what.replaceAll(" ", "-")}`;
      const edge = stack.machine("edge1");
      const argv = ["expanso-edge", "bootstrap", "--data-dir", dataDir, "--token", token()];
      const result = await edge.exec(argv);
      expect(result.exitCode).toBe(exitCode);
      expect(exitCode === 0 ? result.stdout : result.stderr).toMatch(said);
      const left = await edge.exec([NODE, "-p", `fs.readdirSync(${JSON.stringify(dataDir)}).join()`]);
      expect(left.stdout.trim()).toBe(exitCode === 0 ? "identity.json" : "");
    });
  });

  it("keeps what proves an identity where nobody else can read it", async () => {
    const files = ["/var/lib/expanso/edge/identity.json", "/var/lib/expanso/edge/bootstrap-token"];
    const script = `${JSON.stringify(files)}.map((file) => (fs.statSync(file).mode & 0o777).toString(8)).join()`;
    expect((await stack.machine("edge1").exec([NODE, "-p", script])).stdout.trim()).toBe("600,600");
  });

  it("lets nobody talk to its broker who shows nothing", async () => {
    expect(await talk({}, "SUB > 1")).toBe("-ERR 'Authorization Violation'");
  });

  it("lets an edge hear its own subject, and no other", async () => {
    const identity = JSON.parse(await read("edge1", "/var/lib/expanso/edge/identity.json")) as {
      readonly node_id: string;
      readonly nats: { readonly jwt: string; readonly seed: string };
    };
    const other = "11111111-1111-4111-8111-111111111111";
    expect(await talk(identity.nats, `SUB expanso.node.${identity.node_id}.in 1`)).toBe("PONG");
    for (const subject of [`expanso.node.${other}.in`, "expanso.node.*.in", "_INBOX.>", ">"]) {
      expect(await talk(identity.nats, `SUB ${subject} 1`)).toBe(
        `-ERR 'Permissions Violation for Subscription to "${subject}"'`,
      );
    }
  });

  it("answers its API to who shows the key; on the orchestrator's own machine nobody has to type one", async () => {
    const cli = async (...words: string[]) => {
      const { exitCode, stderr } = await stack.machine("orchestrator").exec(["expanso-cli", ...words]);
      return { exitCode, stderr };
    };
    const elsewhere = ["node", "list", "--endpoint", "http://orchestrator:9010"];
    const how =
      "pass --api-key or EXPANSO_CLI_AUTH_API_KEY; it is printed by: expanso-orchestrator api-key\n";
    expect(await cli("node", "list")).toEqual({ exitCode: 0, stderr: "" });
    expect(await cli(...elsewhere)).toEqual({
      exitCode: 1,
      stderr: `expanso-cli: this orchestrator wants an API key: ${how}`,
    });
    expect(await cli(...elsewhere, "--api-key", "sesame")).toEqual({
      exitCode: 1,
      stderr: `expanso-cli: this orchestrator does not know the API key that was given: ${how}`,
    });
    const printed = await stack.machine("orchestrator").exec(["expanso-orchestrator", "api-key"]);
    expect(printed.stdout.trim()).toBe(ours.apiKey);
    expect(await cli(...elsewhere, "--api-key", ours.apiKey)).toEqual({ exitCode: 0, stderr: "" });
  });

  it("needs to tell an edge nothing but a token and where its API is", async () => {
    const edge = await stack.add({
      name: "edge7",
      image: "edge",
      args: ["run"],
      env: {
        EXPANSO_EDGE_BOOTSTRAP_URL: "http://orchestrator:9010",
        EXPANSO_EDGE_BOOTSTRAP_TOKEN: createToken(ours, Date.now() + HOUR_MS),
      },
    });
    await edge.start();
    expect(await lines.next("orchestrator", /TRANSPORT: Data plane ready .*node_name=edge7/)).toBeTruthy();
    expect(await lines.next("edge7", /BUS: Connected/)).toContain("url=nats://nats:4222 authenticated=true");
  });

  it("ends an edge that has credentials of another cluster, with a line that says so", async () => {
    const edge = await stack.add(bundledSystem.edgeMachine("edge8", SHAPE));
    const nodeId = "22222222-2222-4222-8222-222222222222";
    const { publicKey, seed } = systemCredentials.createKey();
    const jwt = others.admit({ publicKey, name: nodeId, permissions: permissionsOfEdge(nodeId) });
    await edge.putFile(
      "/var/lib/expanso/edge/identity.json",
      JSON.stringify({ node_id: nodeId, nats: { url: "nats://nats:4222", jwt, seed } }),
    );
    await edge.start();
    expect(await lines.next("edge8", /^expanso-edge: /)).toMatch(
      /the message broker nats:\/\/nats:4222 refuses the credentials/,
    );
    await expect.poll(() => edge.state(), { timeout: 60_000 }).toBe("exited");
  });

  it("ends an edge that is given no token, with a line that says so", async () => {
    const spec = bundledSystem.edgeMachine("edge9", SHAPE);
    const edge = await stack.add({ ...spec, data: { ...spec.data!, given: {} } });
    await edge.start();
    expect(await lines.next("edge9", /^expanso-edge: /)).toMatch(
      /a bootstrap token is wanted, and none was given/,
    );
    await expect.poll(() => edge.state(), { timeout: 60_000 }).toBe("exited");
  });
});

function refused(what: string): RegExp {
  return new RegExp(
    String.raw`^expanso-edge: http://orchestrator:9010/api/v1/nodes/register: the bootstrap token ${what}[^\n]*\n$`,
  );
}

async function read(machine: string, path: string): Promise<string> {
  const argv = [NODE, "-e", `process.stdout.write(fs.readFileSync(${JSON.stringify(path)}, "utf8"))`];
  return (await stack.machine(machine).exec(argv)).stdout;
}

/** Says one thing to the broker, from where an edge is; the broker's first answer. */
async function talk(
  shown: { readonly jwt?: string; readonly seed?: string },
  saying: string,
): Promise<string> {
  const argv = [NODE, "--input-type=module", "-e", CONVERSATION, JSON.stringify({ ...shown, saying })];
  const { stdout, stderr } = await stack.machine("edge1").exec(argv);
  return (stdout || stderr).trim();
}

/** As much of NATS's protocol as it takes to show a JWT, and to sign what the server asks for. */
const CONVERSATION = `
import { createPrivateKey, sign } from "node:crypto";
import { connect } from "node:net";
const { jwt, seed, saying } = JSON.parse(process.argv[1]);
const bits = [...(seed ?? "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
const raw = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))).subarray(2, 34);
const proof = (nonce) => seed === undefined ? {} : { jwt, sig: sign(null, Buffer.from(nonce), createPrivateKey({
  key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), raw]), format: "der", type: "pkcs8" })).toString("base64url") };
const socket = connect(4222, "nats");
let heard = "";
let isGreeted = false;
socket.on("data", (bytes) => {
  heard += bytes;
  if (!isGreeted && heard.includes("\\r\\n")) {
    isGreeted = true;
    const { nonce } = JSON.parse(heard.slice(5, heard.indexOf("\\r\\n")));
    heard = "";
    socket.write("CONNECT " + JSON.stringify({ verbose: false, ...proof(nonce) }) + "\\r\\n" + saying + "\\r\\nPING\\r\\n");
  }
  const answer = heard.split("\\r\\n").find((line) => /^(-ERR|PONG)/.test(line));
  if (answer !== undefined && heard.endsWith("\\r\\n")) { console.log(answer); socket.destroy(); }
});
`;
