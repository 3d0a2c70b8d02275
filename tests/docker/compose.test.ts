import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { removeLeftovers } from "../../harness/engines/docker/clean.ts";
import { noTerminal } from "../terminal.ts";
import { composeOrSkip } from "./compose/find-compose.ts";
import { FIRST_HANDSHAKE, TIMING_PATTERN, UNTIL_KILLED, WATCHED } from "./compose/seed-001.ts";
import { cascade, mainRepro, start } from "./compose/seed-002.ts";
import { openShell, type Running } from "./compose/shell.ts";
import { follow, type Step } from "./compose/step.ts";
import { dockerOrSkip, REPOSITORY } from "./engine.ts";

/** What people type by the seeds, typed. Where something else is to be seen than a seed says, the README says so, too. */
const STACKS = ["debug", "debug-fast"] as const;
type Stack = (typeof STACKS)[number];
const NAMES = STACKS.flatMap((stack) =>
  ["nats", "orchestrator", "edge1", "edge2"].map((role) => `${role}-${stack}`),
);
/** A project of the tests' own: volumes of somebody's stack that is down for now must not go. */
const PROJECT = `repro-test-${process.pid}`;

const found = await dockerOrSkip();
const composes = found && composeOrSkip(NAMES);
const folder = mkdtempSync(join(tmpdir(), "repro-compose-"));
/** The images that were built here: the usual tags move when somebody builds in another checkout. */
const IMAGES = ["nats", "orchestrator", "edge"].map((role) => ({
  variable: `EXPANSO_DEBUG_${role.toUpperCase()}_IMAGE`,
  built: `expanso-${role}:debug`,
  tag: `${PROJECT}-${role}:debug`,
}));
const ENV = {
  ...Object.fromEntries(IMAGES.map(({ variable, tag }) => [variable, tag])),
  COMPOSE_PROJECT_NAME: PROJECT,
  FOLDER: folder,
  // Any that is free: the usual ones may be taken.
  EXPANSO_API_PORT: "0",
  EXPANSO_NATS_PORT: "0",
  EXPANSO_NATS_MONITOR_PORT: "0",
};
const shell = openShell(composes?.[0] ?? "docker compose", ENV);
const left: Running[] = [];

afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(composes === undefined)("by hand, with compose", { timeout: 600_000 }, () => {
  beforeAll(async () => {
    await builds("./build-debug.sh");
  }, 600_000);
  afterAll(async () => await types(`docker rmi ${IMAGES.map(({ tag }) => tag).join(" ")}`));
  afterEach(async () => {
    for (const command of left.splice(0).toReversed()) await command.interrupts();
    for (const stack of STACKS) await types(`docker compose -f docker-compose.${stack}.yml down -v`);
    const things = await thingsOfProject();
    if (things.length > 0) throw new Error(`\`down -v\` has left ${things.join(", ")}`);
  });

  it("seed 002, the main repro: the new job is stuck, and nothing sends it again", async () => {
    await follows("debug", [start("debug")]);
    const nodes = await nodeIds("debug");
    const log = await follows("debug", mainRepro("debug"));
    expectNeverSentAgain(log);
    // Not other nodes of the same names: then it would be another loss.
    expect(nodes).toHaveLength(2);
    expect(await nodeIds("debug")).toEqual(nodes);
  });

  it("seed 002, extended: one stuck job keeps the next one from every node", async () => {
    const log = await follows("debug", [start("debug"), ...cascade("debug")]);
    expectNeverSentAgain(log);
    expect(log).not.toMatch(/DISPATCH: .* job=third-test-job/);
  });

  it("seed 001, fast timing: the batch is not the culprit, the job is stuck all the same", async () => {
    const log = await follows("debug-fast", [start("debug-fast"), ...mainRepro("debug-fast")]);
    expectNeverSentAgain(log);
  });

  it("seed 001, fast timing: dispatched at the handshake, before there is a data plane, and lost", async () => {
    const log = await follows("debug-fast", FIRST_HANDSHAKE);
    const places = TIMING_PATTERN.map((line) => log.search(line));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it.skipIf(noTerminal() !== undefined)(
    "seed 001, in two terminals: edges that are killed and restarted go on with their jobs",
    async () => {
      const up = leavesRunning("docker compose -f docker-compose.debug.yml up");
      await up.says(/TRANSPORT: Data plane ready/, 2);
      await follows("debug", UNTIL_KILLED);
      // "Success path"
      await up.says(/DISPATCH: Attempting to send message/, 2);
      await up.says(/PUBLISH: connection_exists=true connection_alive=true/, 2);
      await up.says(/EDGE: Received RunExecutionRequest/, 2);
      const edges = leavesRunning("docker compose -f docker-compose.debug.yml up edge1 edge2");
      const log = await follows("debug", WATCHED);
      // No "failure path": nothing was deployed while they were away, and what they ran is on their disks.
      await edges.says(/EDGE: Resuming execution/, 2);
      expect(log).not.toMatch(/Node not connected|EVENT WILL BE SKIPPED|STUCK/);
      expect(log.match(/DISPATCH: Attempting to send message/g)).toHaveLength(2);
    },
  );

  it("is to be reached from this machine alone, and nobody's leftover", async () => {
    await follows("debug", [
      {
        types: "docker compose -f docker-compose.debug.yml up -d nats orchestrator",
        logs: [[/API: Listening/, 1]],
      },
    ]);
    const published = await types("docker port nats-debug; docker port orchestrator-debug");
    const addresses = Object.fromEntries(
      published
        .trim()
        .split("\n")
        .map((line) => line.split("/tcp -> ")),
    ) as Readonly<Record<string, string>>;
    expect(addresses).toEqual({ 4222: LOOPBACK, 8222: LOOPBACK, 9010: LOOPBACK });
    const answer = await fetch(`http://${addresses["9010"]}/api/v1/health`);
    expect(answer.status).toBe(200);

    const things = await thingsOfProject();
    await removeLeftovers(found!.docker);
    expect(await thingsOfProject()).toEqual(things);
  });

  it("seed 001, programs of somebody's own: their images, and the bug in them", async () => {
    const checkout = join(folder, "expanso");
    const script = "scripts/package-binaries.ts";
    await execa(process.execPath, [script, join(checkout, "bin")], { cwd: REPOSITORY });
    expect(await builds(`EXPANSO_REPO="$FOLDER/expanso" ./build-debug.sh`)).toContain(
      `build-debug.sh: images of the programs in EXPANSO_REPO=${checkout}\n`,
    );
    const log = await follows("debug-fast", [start("debug-fast"), ...mainRepro("debug-fast")]);
    expectNeverSentAgain(log);
    // It was theirs: to the byte.
    for (const [container, program] of [
      ["orchestrator-debug-fast", "expanso-orchestrator"],
      ["orchestrator-debug-fast", "expanso-cli"],
      ["edge1-debug-fast", "expanso-edge"],
    ] as const) {
      await types(`docker cp ${container}:/usr/local/bin/${program} "$FOLDER/${program}"`);
      await types(`cmp "$FOLDER/${program}" "$FOLDER/expanso/bin/${program}"`);
    }
  });

  it("without images says how to build them, and asks no registry", async () => {
    const nowhere = IMAGES.map(({ variable }) => `${variable}=expanso-nowhere:debug`).join(" ");
    const said = await shell.types(`${nowhere} docker compose -f docker-compose.debug.yml up -d`);
    expect(said.exitCode).not.toBe(0);
    expect(said.text).toContain("this image is not built yet: run ./build-debug.sh, then compose again");
    expect(said.text).not.toMatch(/pulling|pull access|registry/i);
  });
});

describe.each(composes ?? [])("%s", (compose) => {
  const { types: typesAs } = openShell(compose, ENV);

  it.each(STACKS)("reads docker-compose.%s.yml", async (stack) => {
    const said = await typesAs(`docker compose -f docker-compose.${stack}.yml config --quiet`);
    expect(said).toEqual({ exitCode: 0, text: "" });
  });

  it("reads docker-compose.yml, with what .env.example has and a token", async () => {
    const said = await typesAs(
      "EXPANSO_EDGE_BOOTSTRAP_TOKEN=a-token docker compose --env-file .env.example -f docker-compose.yml config",
    );
    expect(said).toMatchObject({ exitCode: 0 });
    expect(said.text.match(/EXPANSO_EDGE_BOOTSTRAP_TOKEN: a-token$/gm)).toHaveLength(2);
    expect(
      said.text.match(/EXPANSO_EDGE_BOOTSTRAP_URL: https:\/\/start\.cloud\.expanso\.io$/gm),
    ).toHaveLength(2);
  });

  it("says what to do where there is no token", async () => {
    const said = await typesAs(
      "EXPANSO_EDGE_BOOTSTRAP_TOKEN= docker compose --env-file .env.example -f docker-compose.yml config",
    );
    expect(said.exitCode).not.toBe(0);
    expect(said.text).toContain("cp .env.example .env, and add your bootstrap token there");
  });
});

const LOOPBACK: unknown = expect.stringMatching(/^127\.0\.0\.1:\d+$/);

/** Types the steps, looks, and gives the orchestrator's log. */
async function follows(stack: Stack, steps: readonly Step[]): Promise<string> {
  return await follow(steps, { shell, orchestrator: `orchestrator-${stack}` });
}

/** For this test alone: the usual tags move. */
async function builds(command: string): Promise<string> {
  const said = await types(command);
  for (const { built, tag } of IMAGES) await types(`docker tag ${built} ${tag}`);
  return said;
}

async function types(command: string): Promise<string> {
  const said = await shell.types(command);
  if (said.exitCode !== 0) throw new Error(`$ ${command}\n${said.text}\nended with ${said.exitCode}`);
  return said.text;
}

function leavesRunning(command: string): Running {
  const running = shell.leavesRunning(command);
  left.push(running);
  return running;
}

/** Each execution of the new job was sent once, before the edges were back. */
function expectNeverSentAgain(log: string): void {
  const lines = log.split("\n");
  const isSent = (line: string) => /DISPATCH: .* job=new-test-job( |$)/.test(line);
  expect(lines.filter(isSent)).toHaveLength(2);
  const returned = lines.findLastIndex((line) => line.includes("HANDSHAKE: Node handshake completed"));
  expect(lines.findLastIndex(isSent)).toBeLessThan(returned);
}

async function nodeIds(stack: Stack): Promise<readonly string[]> {
  const text = await types(`docker exec orchestrator-${stack} expanso-cli node list --format json`);
  return (JSON.parse(text) as { id: string }[]).map(({ id }) => id).toSorted();
}

/** Containers, volumes and networks. */
async function thingsOfProject(): Promise<readonly string[]> {
  const its = `--filter label=com.docker.compose.project=${PROJECT}`;
  const text = await types(
    `docker ps --all --quiet ${its} && docker volume ls --quiet ${its} && docker network ls --quiet ${its}`,
  );
  return text.split("\n").filter((line) => line !== "");
}
