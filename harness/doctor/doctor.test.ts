import { chmodSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findEngine } from "../engines/docker/discovery.ts";
import type { ImageSource } from "../engines/engine.ts";
import { aHost } from "../test-kit/a-host.ts";
import { answering, aSoundEngine, listen, type Answers } from "../test-kit/an-engine.ts";
import { consult } from "./doctor.ts";
import type { Finding } from "./finding.ts";

const OF_HOST = ["runtime", "packages", "pnpm", "reports", "nats-server", "terminal", "compose"];
const OF_ENGINE = ["engine-version", "place", "architecture", "storage", "pausing", "clock", "known-faults"];

describe("consulting the doctor", () => {
  it("with a sound engine asks everything", async () => {
    const findings = await consultAt(aSoundEngine());
    expect(findings.map(({ id }) => id)).toEqual([
      ...OF_HOST,
      "engine",
      ...OF_ENGINE,
      "base-node",
      "base-nats",
      "images",
      "engine-disk",
      "subnets",
      "routes",
      "pools",
      "leftovers",
    ]);
    expect(ofVerdict(findings, "broken")).toEqual([]);
    expect(findings.find(({ id }) => id === "images")).toMatchObject({
      verdict: "note",
      seen: "expanso-nats:debug missing",
    });
    expect(findings.find(({ id }) => id === "leftovers")).toMatchObject({ seen: "nothing of ours is there" });
  });

  it("with a page behind the socket says that this is no engine", async () => {
    const findings = await consultAt(() => "<html>hello</html>");
    expect(ofVerdict(findings, "broken")).toEqual(["engine"]);
    expect(findings.at(-1)).toMatchObject({
      seen: expect.stringMatching(/something answers there, but not as Docker does$/),
    });
  });

  it("with an engine that says nothing of itself asks no more of it", async () => {
    const findings = await consultAt(aSoundEngine({ "/info": "<html>hello</html>" }));
    expect(findings.slice(OF_HOST.length).map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      "engine ok",
      "engine-info broken",
    ]);
  });

  it("with an engine that answers nonsense to the rest says so of each, and ends", async () => {
    const nonsense = "<html>hello</html>";
    const paths = ["/images/json", "/networks", "/containers/json"];
    const findings = await consultAt(aSoundEngine(Object.fromEntries(paths.map((path) => [path, nonsense]))));
    expect(ofVerdict(findings, "broken")).toEqual(["images", "subnets", "leftovers"]);
    expect(
      findings.filter(({ verdict }) => verdict === "broken").every(({ mend }) => mend !== undefined),
    ).toBe(true);
  });

  it("with an engine that takes the call and never answers gives up", async () => {
    await using listening = await listen(createServer(() => {}));
    const findings = await consultOf(listening.address, { placeMs: 50 });
    expect(ofVerdict(findings, "broken")).toEqual(["engine"]);
    expect(findings.at(-1)).toMatchObject({ seen: expect.stringMatching(/no answer within 0\.05 s$/) });
  });

  it("with an engine that hangs after its first words gives up", async () => {
    const findings = await consultAt(aSoundEngine({ "/info": undefined }), { limitMs: 1_000 });
    expect(findings.at(-1)).toMatchObject({
      id: "engine-info",
      verdict: "broken",
      seen: "no answer within 1 s",
    });
  });

  it("with an engine that hangs at one question has the others answered", async () => {
    // Long enough for what does answer, on a busy machine; what hangs takes all of it.
    const findings = await consultAt(aSoundEngine({ "/networks": undefined }), { limitMs: 5_000 });
    expect(ofVerdict(findings, "broken")).toEqual(["subnets", "leftovers"]);
    expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining(["images", "engine-disk"]));
  });

  it("with a socket that is not there names it, and how it came to look there", async () => {
    const findings = await consultOf("unix:///nowhere.sock");
    expect(ofVerdict(findings, "broken")).toEqual(["engine"]);
    expect(findings.at(-1)).toMatchObject({
      seen: "the engine at /nowhere.sock, from DOCKER_HOST: no such socket",
      mend: "start that engine, or look where engines usually are: unset DOCKER_HOST",
    });
  });

  it("with an address that is none says what addresses are like", async () => {
    expect((await consultOf("localhost:2375")).at(-1)).toMatchObject({
      verdict: "broken",
      seen: `an engine's address from DOCKER_HOST: "localhost:2375" is none`,
    });
  });

  it("with a socket that may not be opened says who may", async () => {
    await using listening = await listen(answering(aSoundEngine()));
    chmodSync(listening.path, 0o000);
    const look = async () => await asNobody(() => findEngine({ env: { DOCKER_HOST: listening.address } }));
    const findings = await consult({ host: aHost(), findEngine: look, images: [] }, AUTO);
    expect(findings.at(-1)).toMatchObject({
      id: "engine",
      verdict: "broken",
      seen: expect.stringMatching(/permission denied$/),
      mend: expect.stringMatching(/^sudo usermod -aG docker/),
    });
  });

  it.each([
    ["auto", "note"],
    ["docker", "broken"],
  ] as const)("without any engine, asked for %s: %s", async (engine, verdict) => {
    // Where no engine can be: a pipe of another platform.
    const look = () => findEngine({ env: {}, home: "/nowhere", platform: "win32" });
    const findings = await consult(
      { host: aHost(), findEngine: look, images: [] },
      { engine, limitMs: 5_000 },
    );
    expect(findings.slice(OF_HOST.length)).toMatchObject([{ id: "engine", verdict }]);
  });

  it("on a machine whose programs hang takes note of it: no run needs them", async () => {
    const host = aHost({ run: () => new Promise(() => {}) });
    const look = () => Promise.reject(new Error("it was asked for"));
    const findings = await consult({ host, findEngine: look, images: [] }, { engine: "sim", limitMs: 1_000 });
    expect(ofVerdict(findings, "broken")).toEqual([]);
    const hung = findings.filter(({ seen }) => seen === "no answer within 1 s").map(({ id }) => id);
    // nats-server is asked where there is one.
    expect(hung).toEqual(expect.arrayContaining(["pnpm", "terminal", "compose"]));
  });

  it("for a simulation asks for no engine", async () => {
    const look = () => Promise.reject(new Error("it was asked for"));
    const findings = await consult(
      { host: aHost(), findEngine: look, images: [] },
      { ...AUTO, engine: "sim" },
    );
    expect(findings.map(({ id }) => id)).toEqual(OF_HOST);
  });
});

const NATS: ImageSource = {
  key: "nats",
  tag: "expanso-nats:debug",
  dockerfile: "docker/nats.Dockerfile",
  base: "nats",
  bundles: {},
  files: {},
};

const AUTO = { engine: "auto", limitMs: 10_000 } as const;

interface Limits {
  readonly limitMs?: number;
  /** For the search of an engine. */
  readonly placeMs?: number;
}

async function consultAt(answers: Answers, limits: Limits = {}) {
  await using listening = await listen(answering(answers));
  return await consultOf(listening.address, limits);
}

async function consultOf(address: string, { limitMs = AUTO.limitMs, placeMs = AUTO.limitMs }: Limits = {}) {
  const look = () => findEngine({ env: { DOCKER_HOST: address }, timeoutMs: placeMs });
  // The sources of the image are read, whatever the host is like.
  const host = aHost({ repository: fileURLToPath(new URL("../..", import.meta.url)) });
  return await consult({ host, findEngine: look, images: [NATS] }, { ...AUTO, limitMs });
}

function ofVerdict(findings: readonly Finding[], verdict: Finding["verdict"]): readonly string[] {
  return findings.filter((finding) => finding.verdict === verdict).map(({ id }) => id);
}

const NOBODY = 65_534;

/** Root may open everything. */
async function asNobody<T>(task: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return await task();
  process.seteuid!(NOBODY);
  try {
    return await task();
  } finally {
    process.seteuid!(0);
  }
}
