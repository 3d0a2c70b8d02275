import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { consult } from "../../harness/doctor/doctor.ts";
import type { Finding } from "../../harness/doctor/finding.ts";
import { realHost } from "../../harness/doctor/host.ts";
import { createDockerEngine } from "../../harness/engines/docker/docker-engine.ts";
import { findLeftovers } from "../../harness/engines/docker/clean.ts";
import { LABELS, PROJECT } from "../../harness/engines/docker/labels.ts";
import { findThings } from "../../harness/engines/docker/stack/ours.ts";
import { doOverlap, STACK_RANGE } from "../../harness/engines/docker/stack/subnets.ts";
import { takenRanges } from "../../harness/engines/docker/stack/taken-ranges.ts";
import type { ImageSource } from "../../harness/engines/engine.ts";
import { startRepro } from "../command.ts";
import { aRunId, dockerOrSkip, fixtureImage, removeImages, REPOSITORY } from "./engine.ts";

const KEY = "fixture-doctor";
const LIMIT_MS = 60_000;
const found = await dockerOrSkip();

describe.skipIf(found === undefined)("the doctor, with a real engine", () => {
  it("finds it sound, as the command that people call", async () => {
    const { exitCode, stdout, stderr } = await startRepro([
      "doctor",
      "--engine",
      "docker",
      "--format",
      "json",
    ]).ended;
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    expect(findings.filter(({ verdict }) => verdict === "broken")).toEqual([]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(findings.find(({ id }) => id === "engine")?.seen).toContain(found!.title);
    const { Driver: driver } = (await found!.docker.info()) as { Driver: string };
    expect(findings.find(({ id }) => id === "storage")?.seen).toContain(driver);
  });

  it("knows an image that is missing, up to date, untagged, and outdated", async () => {
    const source = fixtureImage(KEY);
    const engine = await createDockerEngine({ ...found!, repository: REPOSITORY });
    const seen = async (image: ImageSource) => (await findingOf("images", [image]))?.seen;
    try {
      expect(await seen(source)).toBe(`${source.tag} missing`);
      await engine.prepare([source], () => {});
      expect(await seen(source)).toBe(`${source.tag}: up to date`);
      expect(await seen({ ...source, tag: "repro-elsewhere:test" })).toBe("repro-elsewhere:test untagged");
      expect(await seen({ ...source, files: { more: "package.json" } })).toBe(`${source.tag} outdated`);
      expect((await findingOf("base-node", [source]))?.verdict).toBe("ok");
    } finally {
      await removeImages(found!, [KEY]);
    }
  });

  it("tells what a killed run left from what is somebody else's, and removes neither", async () => {
    const [dead, elsewhere] = [aRunId(), aRunId()];
    const stateOf = async (run: string) =>
      (await findLeftovers(found!.docker)).find((left) => left.run === run)?.state;
    await using _ = await aVolume(elsewhere, "elsewhere/1/1");
    const gone = await ownerThatIsGone();
    // A run that begins just now, on this engine, removes it at once: then once more.
    for (let tries = 1; ; tries++) {
      await using __ = await aVolume(dead, gone);
      const state = await stateOf(dead);
      if (state === undefined && tries < 20) continue;
      expect(state).toBe("dead");
      break;
    }
    expect(await stateOf(elsewhere)).toBe("elsewhere");
    const finding = await findingOf("leftovers", []);
    expect(finding?.seen).toContain("of another host: ");
    expect((await findThings(found!.docker, "run", elsewhere)).volumes).toHaveLength(1);
  });

  it("counts the subnets that the engine's networks have taken", async () => {
    const runId = aRunId();
    const engine = await createDockerEngine({ ...found!, repository: REPOSITORY });
    await using _ = await engine.openStack({ runId, machines: [] });
    const network = found!.docker.getNetwork(`repro-${runId}`);
    const { IPAM: ipam } = (await network.inspect()) as { IPAM: { Config: { Subnet: string }[] } };
    const range = ipam.Config[0]!.Subnet;
    expect(doOverlap(range, STACK_RANGE)).toBe(true);
    expect(await takenRanges(found!.docker)).toContain(range);
    // Those of other runs come and go meanwhile.
    const seen = (await findingOf("subnets", []))?.seen ?? "";
    const free = Number(/^(\d+) of 512 free/.exec(seen)?.[1]);
    expect(free).toBeLessThan(512);
    expect(free).toBeGreaterThan(0);
  });
});

async function findingOf(id: string, images: readonly ImageSource[]): Promise<Finding | undefined> {
  const ports = { host: realHost(REPOSITORY), findEngine: async () => found!, images };
  const findings = await consult(ports, { engine: "docker", limitMs: LIMIT_MS });
  return findings.find((finding) => finding.id === id);
}

async function aVolume(runId: string, owner: string): Promise<AsyncDisposable> {
  const { docker } = found!;
  const Name = `repro-${runId}`;
  const Labels = { [LABELS.project]: PROJECT, [LABELS.run]: runId, [LABELS.owner]: owner };
  await docker.createVolume({ Name, Labels });
  return {
    [Symbol.asyncDispose]: async () => {
      await docker
        .getVolume(Name)
        .remove()
        .catch(() => {});
    },
  };
}

/** As the label of a harness that was killed has it. */
async function ownerThatIsGone(): Promise<string> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return `${hostname()}/${child.pid}/1`;
}
