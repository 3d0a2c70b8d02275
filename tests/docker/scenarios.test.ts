import { removeLeftovers } from "../../harness/engines/docker/clean.ts";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { LABELS } from "../../harness/engines/docker/labels.ts";
import { findThings, removeThings } from "../../harness/engines/docker/stack/ours.ts";
import type { Result } from "../../harness/report/result.ts";
import type { Entry } from "../../harness/timeline/entry.ts";
import { startRepro, type Command, type Ended } from "../command.ts";
import { dockerOrSkip } from "./engine.ts";
import { countOf, NOTHING, thingsOf } from "./things.ts";

const HEADLINE = "deploy-in-disconnect-window";
const CONTROL = "deploy-all-connected";

const found = await dockerOrSkip();
const folders: string[] = [];
let commands: Command[] = [];
let headline: Promise<Run> | undefined;

afterEach(async () => {
  // A test that fails in the middle leaves nothing either.
  for (const command of commands) {
    command.signal("SIGKILL");
    await command.ended;
    await removeThings(found!.docker, await thingsOf(found!.docker, command.pid));
  }
  commands = [];
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(found === undefined)("the command, on containers", () => {
  it("finds the headline violated, and leaves its report and nothing else", async () => {
    const { ended, pid, result, out } = await theHeadline();
    expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
    expect(result).toMatchObject({
      schemaVersion: 1,
      scenario: HEADLINE,
      engine: expect.stringMatching(/^docker \d/),
      simulated: false,
      timing: "fast",
      fix: "none",
      system: "bundled",
      edges: 2,
      verdict: "violated",
      expected: "violated L1",
      asExpected: true,
      loss: "L1",
      because: expect.stringContaining("when nobody subscribed"),
      premises: [expect.objectContaining({ held: true })],
      proof: expect.objectContaining({ proven: true, inSecondRun: false }),
    });
    expect(new Set(result.witnesses.map((witness) => witness.source))).toEqual(
      new Set(["state", "log", "broker"]),
    );
    expect(result.setupMs).toBeGreaterThan(0);
    expect(result.verdictMs).toBeGreaterThan(result.setupMs);
    expect(result.wallMs).toBeGreaterThanOrEqual(result.verdictMs);
    expectArtifacts(out, result);
    expect(await countOf(found!.docker, pid)).toEqual(NOTHING);
  });

  it("tells the headline's story, with the lines that prove it", async () => {
    const { ended } = await theHeadline();
    const story = [
      /^deploy-in-disconnect-window +docker \d.*timing fast/,
      /start +nats, orchestrator, edge1, edge2/,
      /log +HANDSHAKE: Node handshake completed/,
      /deploy +test-job\.yaml/,
      /kill +edge1, edge2 \(rm -f\)/,
      /deploy +new-job\.yaml/,
      /log +DISPATCH: Attempting to send message +e-[0-9a-f]+ of new-test-job on edge/,
      /log +PUBLISH: connection_exists=true connection_alive=true +e-[0-9a-f]+ of new-test-job on edge/,
      /premise +the orchestrator believes edge1, edge2 connected/,
      /recreate +edge1, edge2/,
      /log +HANDSHAKE: Node handshake completed/,
      /log +REEVALUATOR: Created evaluation for job \(trigger=node-join\)/,
      /log +RECONCILER: STUCK EXECUTIONS DETECTED/,
      /judge/,
      /log +EDGE: Received RunExecutionRequest +e-[0-9a-f]+ of new-test-job on edge/,
      /prove +by hand: the run request of e-[0-9a-f]+ to edge\d, the run request of e-[0-9a-f]+ to edge\d/,
      /^VIOLATED, as expected.* L1 void .*· proven ·/,
      /witness +broker.* PUB expanso\.node\.[0-9a-f-]+\.in.*no(?:body subscribed| MSG)/,
      /replay +pnpm repro deploy-in-disconnect-window --engine docker --timing fast/,
    ];
    const lines = ended.stdout.split("\n");
    let from = 0;
    for (const pattern of story) {
      const index = lines.findIndex((line, at) => at >= from && pattern.test(line));
      expect(index, `${String(pattern)} after line ${from} of\n${ended.stdout}`).toBeGreaterThanOrEqual(from);
      from = index + 1;
    }
  });

  it("finds the control held", async () => {
    const { ended, pid, result, out } = await aRun(CONTROL);
    expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
    expect(result).toMatchObject({ verdict: "held", asExpected: true, loss: null, witnesses: [] });
    expect(ended.stdout).toMatch(/^HELD, as expected/m);
    expectArtifacts(out, result);
    expect(await countOf(found!.docker, pid)).toEqual(NOTHING);
  });

  it("runs beside another one, and neither disturbs the other", async () => {
    const both = await Promise.all([aRun(HEADLINE), aRun(CONTROL)]);
    expect(both.map(({ ended }) => ended.exitCode)).toEqual([0, 0]);
    expect(both.map(({ result }) => result.verdict)).toEqual(["violated", "held"]);
    for (const { pid } of both) expect(await countOf(found!.docker, pid)).toEqual(NOTHING);
  });

  it("keeps its containers if told so, and says how to find them", async () => {
    const { ended, pid } = await aRun(CONTROL, "--keep");
    expect(ended.exitCode).toBe(0);
    const runId = new RegExp(`${LABELS.run.replaceAll(".", String.raw`\.`)}=(\\S+?);`).exec(
      ended.stdout,
    )?.[1];
    const kept = await findThings(found!.docker, "run", runId ?? "");
    expect(kept.containers).toHaveLength(4);
    expect(kept.networks).toHaveLength(1);
    expect(await countOf(found!.docker, pid)).toMatchObject({ containers: 4, networks: 1 });
    // Its maker is gone, and still nobody takes it for a leftover.
    await removeLeftovers(found!.docker);
    const states = await Promise.all(
      kept.containers.map(async ({ id }) => (await found!.docker.getContainer(id).inspect()).State.Running),
    );
    expect(states).toEqual([true, true, true, true]);
    // And it can be gone on with by hand.
    const shown = await startRepro(["ps", "--name", runId ?? "", "--format", "json"]).ended;
    expect(JSON.parse(shown.stdout)).toMatchObject([{ name: runId, edges: 2, orchestratorAnswers: true }]);
    expect(ended.stdout).toContain(`\`repro down --name ${runId}\` removes them`);
    expect(await startRepro(["down", "--name", runId ?? ""]).ended).toMatchObject({ exitCode: 0 });
    const left = await findThings(found!.docker, "run", runId ?? "");
    expect([left.containers, left.networks, left.volumes]).toEqual([[], [], []]);
  });
});

describe.skipIf(found === undefined)("a run that is interrupted", () => {
  it.each([
    ["SIGINT", 130, "before anything is started", /^claim/],
    ["SIGTERM", 143, "while the machines start", /start +nats/],
    ["SIGINT", 130, "while a job is deployed", /deploy +test-job/],
    ["SIGTERM", 143, "while edges are killed", /kill +edge1/],
    ["SIGINT", 130, "while edges are recreated", /recreate +edge1/],
    ["SIGTERM", 143, "while it waits for what does not come", /STUCK EXECUTIONS DETECTED/],
  ] as const)("by %s ends with %i and leaves nothing: %s", async (signal, exitCode, _when, line) => {
    const command = start(HEADLINE);
    await command.prints(line);
    if (signal === "SIGINT") command.pressCtrlC();
    else command.signal(signal);
    const ended = await command.ended;
    expect(ended, `it said: ${ended.stderr}`).toMatchObject({ exitCode, signal: null });
    expect(ended.stderr).toContain(`repro: interrupted by ${signal}; everything that was started is removed`);
    expect(await countOf(found!.docker, command.pid)).toEqual(NOTHING);
  });
});

describe.skipIf(found === undefined)("what is interrupted besides", () => {
  it("a run whose terminal is closed, under pnpm, which sends SIGTERM right after: it cleans up", async () => {
    const command = start(HEADLINE);
    await command.prints(/kill +edge1/);
    command.signal("SIGHUP");
    command.signal("SIGTERM");
    const ended = await command.ended;
    // Which of the two is heard first is up to the system.
    expect([129, 143], `it said: ${ended.stderr}`).toContain(ended.exitCode);
    expect(ended.stderr).toContain("everything that was started is removed");
    expect(await countOf(found!.docker, command.pid)).toEqual(NOTHING);
  });

  it.each([
    ["a matrix", ["matrix", "--only", CONTROL, "--fix", "none,pull", "--timing", "fast"], "SIGINT", 130],
    ["a sweep", ["sweep", "--timing", "fast"], "SIGTERM", 143],
    ["a run that is to be kept", [HEADLINE, "--timing", "fast", "--keep"], "SIGHUP", 129],
  ] as const)("%s leaves nothing, of none of its runs", async (_what, args, signal, exitCode) => {
    const out = mkdtempSync(join(tmpdir(), "repro-docker-"));
    folders.push(out);
    const command = startRepro([...args, "--engine", "docker", "--out", out]);
    commands.push(command);
    const containers = async () => (await countOf(found!.docker, command.pid)).containers;
    await expect.poll(containers, { timeout: 60_000 }).toBeGreaterThanOrEqual(4);
    command.signal(signal);
    const ended = await command.ended;
    expect(ended, `it said: ${ended.stderr}`).toMatchObject({ exitCode, signal: null });
    expect(await countOf(found!.docker, command.pid)).toEqual(NOTHING);
  });

  it("a run that is to be kept and is killed in its middle is removed by the next clean-up", async () => {
    const command = start(HEADLINE, "--keep");
    await command.prints(/kill +edge1/);
    command.signal("SIGKILL");
    await command.ended;
    await removeLeftovers(found!.docker);
    expect(await countOf(found!.docker, command.pid)).toEqual(NOTHING);
  });
});

describe.skipIf(found === undefined)("a run whose harness is killed", () => {
  it("is cleaned up by the next one", async () => {
    const killed = start(HEADLINE);
    await killed.prints(/kill +edge1/);
    killed.signal("SIGKILL");
    expect(await killed.ended).toMatchObject({ signal: "SIGKILL" });
    const left = await countOf(found!.docker, killed.pid);
    expect(left.containers).toBeGreaterThanOrEqual(2);
    expect(left.networks).toBe(1);

    const { ended, pid } = await aRun(CONTROL);
    expect(ended.exitCode).toBe(0);
    expect(await countOf(found!.docker, killed.pid)).toEqual(NOTHING);
    expect(await countOf(found!.docker, pid)).toEqual(NOTHING);
  });
});

function expectArtifacts(out: string, result: Result): void {
  expect(readdirSync(out).toSorted()).toEqual(
    expect.arrayContaining(["issue.md", "logs", "repro.sh", "result.json", "timeline.jsonl"]),
  );
  expect(readdirSync(join(out, "logs")).toSorted()).toEqual([
    "edge1.log",
    "edge2.log",
    "nats.log",
    "orchestrator.log",
  ]);
  for (const log of readdirSync(join(out, "logs"))) {
    expect(readFileSync(join(out, "logs", log), "utf8"), `in ${log}`).toMatch(/\S\n$/);
  }
  const timeline = readFileSync(join(out, "timeline.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Entry);
  expect(timeline).toHaveLength(result.events);
  const times = timeline.map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
}

interface Run {
  readonly ended: Ended;
  readonly pid: number;
  readonly result: Result;
  readonly out: string;
}

/** One run that several tests look at. */
async function theHeadline(): Promise<Run> {
  headline ??= aRun(HEADLINE);
  return await headline;
}

async function aRun(scenario: string, ...options: readonly string[]): Promise<Run> {
  const out = mkdtempSync(join(tmpdir(), "repro-docker-"));
  folders.push(out);
  const command = start(scenario, "--out", out, ...options);
  const ended = await command.ended;
  expect(readdirSync(out), `it said: ${ended.stdout}${ended.stderr}`).toContain("result.json");
  const result = JSON.parse(readFileSync(join(out, "result.json"), "utf8")) as Result;
  expect(result.asExpected, `it said: ${ended.stdout}${ended.stderr}`).toBe(true);
  return { ended, pid: command.pid, result, out };
}

function start(scenario: string, ...options: readonly string[]): Command {
  const command = startRepro([scenario, "--engine", "docker", "--timing", "fast", ...options]);
  commands.push(command);
  return command;
}
