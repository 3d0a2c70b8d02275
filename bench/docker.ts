import { posix } from "node:path";
import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import { findEngine } from "../harness/engines/docker/discovery.ts";
import { createDockerEngine } from "../harness/engines/docker/docker-engine.ts";
import { runLabels } from "../harness/engines/docker/labels.ts";
import { ownOwner } from "../harness/engines/docker/owner.ts";
import { putSecrets } from "../harness/engines/docker/stack/archive.ts";
import { findThings, removeThings } from "../harness/engines/docker/stack/ours.ts";
import type { MachineSpec, Stack } from "../harness/engines/engine.ts";
import { bundledSystem } from "../harness/systems/bundled/bundled.ts";
import { PROFILES } from "../harness/timing/profile.ts";
import { toolCommand, numberOption } from "../scripts/command.ts";

/**
 * What our Docker engine costs on top of Docker (spec 5-quality, "Speed"): the same containers started, killed,
 * recreated and taken down by bare dockerode calls in parallel, and through the engine, turn by turn in one run.
 *
 *     node bench/docker.ts [--rounds 10]
 */
const { rounds } = toolCommand("node bench/docker.ts", "What our Docker engine costs on top of Docker.")
  .addOption(numberOption("--rounds <n>", "turns of each", 10))
  .parse()
  .opts<{ rounds: number }>();

/** What a way of doing it takes, in milliseconds. */
interface Times {
  readonly startMs: number;
  readonly killMs: number;
  readonly recreateMs: number;
  readonly downMs: number;
}

const TARGETS = [
  ["start NATS, orchestrator, 2 edges until both are ready", (times: Times) => times.startMs, 1.3],
  ["kill and recreate an edge", (times: Times) => times.killMs + times.recreateMs, 1.2],
  ["  of that, the kill", (times: Times) => times.killMs, undefined],
  ["  of that, the recreation", (times: Times) => times.recreateMs, undefined],
  ["take it all down", (times: Times) => times.downMs, 1.2],
] as const;

const EDGES = ["edge1", "edge2"] as const;
const machines = bundledSystem.machines({
  edges: EDGES.length,
  timing: PROFILES["fast"]!.timing,
  fix: "none",
});

const found = await findEngine();
if (found.kind === "none") throw new Error("no Docker engine answers");
const { docker, title } = found;
const engine = await createDockerEngine({ ...found, repository: import.meta.dirname.replace(/bench$/, "") });
await engine.prepare(bundledSystem.images, say);
const owner = await ownOwner();
const imageIds = new Map(
  await Promise.all(
    bundledSystem.images.map(async ({ key, tag }) => {
      const { Id: id } = await docker.getImage(tag).inspect();
      return [key, id] as const;
    }),
  ),
);

const bare: Times[] = [];
const ours: Times[] = [];
// The first round warms up both, and does not count.
for (let round = 0; round <= rounds; round += 1) {
  const ways = [
    async () => bare.push(await timeBare(`bench-${process.pid}-${round}-bare`)),
    async () => ours.push(await timeOurs(`bench-${process.pid}-${round}-ours`)),
  ];
  for (const way of round % 2 === 0 ? ways : ways.toReversed()) await way();
}

say(`${title}, ${rounds} rounds, medians; bare dockerode in parallel against the engine`);
for (const [what, of, target] of TARGETS) {
  const [bareMs, oursMs] = [bare, ours].map((times) => median(times.slice(1).map(of)));
  const ratio = oursMs! / bareMs!;
  const verdict = target === undefined ? "" : `, target ≤ ${target} ×: ${ratio <= target ? "met" : "MISSED"}`;
  say(
    `  ${what.padEnd(56)} ${bareMs!.toFixed(0).padStart(5)} ms  ${oursMs!.toFixed(0).padStart(5)} ms  ` +
      `${ratio.toFixed(2)} ×${verdict}`,
  );
}

async function timeOurs(runId: string): Promise<Times> {
  const since = stopwatch();
  const stack: Stack = await engine.openStack({ runId, machines, secrets: bundledSystem.secrets });
  try {
    const ready = readiness();
    stack.onLine(({ machine, text }) => ready.hear(machine, text));
    await Promise.all(stack.machines().map((machine) => machine.start()));
    await ready.reached;
    const startMs = since();
    await stack.machine(EDGES[0]).kill();
    const killMs = since();
    await stack.machine(EDGES[0]).recreate({ identity: "kept" });
    const recreateMs = since();
    await stack[Symbol.asyncDispose]();
    return { startMs, killMs, recreateMs, downMs: since() };
  } finally {
    await stack[Symbol.asyncDispose]();
  }
}

async function timeBare(runId: string): Promise<Times> {
  const labels = runLabels({ runId, owner });
  const name = `repro-${runId}`;
  try {
    const since = stopwatch();
    const network = await docker.createNetwork({ Name: name, Driver: "bridge", Labels: labels });
    const ready = readiness();
    const secrets = await bundledSystem.secrets!();
    const containers = await Promise.all(
      machines.map(async (spec) => {
        const container = await createBare(spec);
        const given = Object.entries(spec.data?.given ?? {});
        const files = given.map(([file, secret]) => ({
          path: posix.join(spec.data!.path, file),
          text: secrets[secret]!,
        }));
        if (files.length > 0) await putSecrets(container, spec.name, files);
        return container;
      }),
    );
    await Promise.all(containers.map((container, index) => startBare(container, machines[index]!.name)));
    await ready.reached;
    const startMs = since();
    const first = machines.findIndex((spec) => spec.name === EDGES[0]);
    await containers[first]!.remove({ force: true });
    const killMs = since();
    containers[first] = await createBare(machines[first]!);
    await startBare(containers[first], EDGES[0]);
    const recreateMs = since();
    await Promise.all(containers.map((container) => container.remove({ force: true })));
    const volumes = machines.filter((spec) => spec.data).map((spec) => docker.getVolume(volumeOf(spec)));
    await Promise.all([network.remove(), ...volumes.map((volume) => volume.remove())]);
    return { startMs, killMs, recreateMs, downMs: since() };

    async function createBare(spec: MachineSpec): Promise<Docker.Container> {
      return await docker.createContainer({
        name: `${name}-${spec.name}`,
        Image: imageIds.get(spec.image) ?? spec.image,
        Hostname: spec.name,
        Env: Object.entries(spec.env).map(([key, value]) => `${key}=${value}`),
        ...(spec.args.length === 0 ? {} : { Cmd: [...spec.args] }),
        Labels: labels,
        HostConfig: {
          NetworkMode: name,
          Mounts: spec.data
            ? [
                {
                  Type: "volume",
                  Source: volumeOf(spec),
                  Target: spec.data.path,
                  VolumeOptions: {
                    NoCopy: true,
                    Labels: labels,
                    DriverConfig: { Name: "local", Options: {} },
                  },
                },
              ]
            : [],
        },
        NetworkingConfig: { EndpointsConfig: { [name]: { Aliases: [spec.name] } } },
      });
    }

    async function startBare(container: Docker.Container, machine: string): Promise<void> {
      const stream = await container.attach({ stream: true, stdout: true, stderr: true });
      const text = new PassThrough();
      docker.modem.demuxStream(stream, text, text);
      text.setEncoding("utf8").on("data", (chunk: string) => {
        for (const line of chunk.split("\n")) ready.hear(machine, line);
      });
      await container.start();
    }
  } finally {
    await removeThings(docker, await findThings(docker, "run", runId));
  }

  function volumeOf(spec: MachineSpec): string {
    return `${name}-${spec.name}`;
  }
}

/** Every edge can be sent to, as the orchestrator says. */
function readiness(): { readonly reached: Promise<void>; hear(machine: string, line: string): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const missing = new Set<string>(EDGES);
  return {
    reached: promise,
    hear: (machine, line) => {
      if (machine !== "orchestrator" || !line.includes("TRANSPORT: Data plane ready")) return;
      for (const edge of missing) if (line.includes(`node_name=${edge}`)) missing.delete(edge);
      if (missing.size === 0) resolve();
    },
  };
}

/** Milliseconds since it was last asked. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const passed = now - last;
    last = now;
    return passed;
  };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
