import { describe, expect, it } from "vitest";
import type { EngineAbout } from "../../engines/docker/about.ts";
import type { Endpoint } from "../../engines/docker/discovery/endpoint.ts";
import type { CleanUp, RunState } from "../../engines/docker/clean/plan.ts";
import { chooseSubnet } from "../../engines/docker/stack/subnets.ts";
import type { Check } from "../examination.ts";
import { character, type EngineSeen } from "./character.ts";
import { judgeEngineDisk } from "./disk.ts";
import { judgeBase, judgeImages } from "./images.ts";
import { judgeLeftovers } from "./leftovers.ts";
import { judgePools, judgeRoutes, judgeSubnets, type Networks } from "./networks.ts";
import { judgeReached } from "./reached.ts";

const SOCKET: Endpoint = { kind: "socket", path: "/var/run/docker.sock" };

describe("what the engine says of itself", () => {
  it.each<[id: string, verdict: string, of: Partial<EngineAbout>, seen: RegExp]>([
    ["engine-version", "ok", {}, /^20\.10\.24, API 1\.41$/],
    ["engine-version", "ok", { version: "29.1.0", apiVersion: "1.52" }, /^29\.1\.0, API 1\.52$/],
    ["engine-version", "note", { apiVersion: "1.40" }, /nothing older than 1\.41 has been tried/],
    ["engine-version", "broken", { apiVersion: "1.29" }, /it has to be 1\.30 or newer/],
    ["architecture", "ok", {}, /^x86_64, as here$/],
    ["architecture", "ok", { architecture: "aarch64" }, /^aarch64, here it is linux\/x64: bases are public/],
    ["architecture", "note", { architecture: "riscv64" }, /^riscv64, on which nothing was tried$/],
    ["storage", "ok", {}, /^overlay2$/],
    ["storage", "ok", { storageDriver: "fuse-overlayfs" }, /^fuse-overlayfs$/],
    ["storage", "note", { storageDriver: "vfs" }, /^vfs, which copies the whole image/],
    ["pausing", "ok", {}, /^cgroup v2 \(systemd\), as root$/],
    ["pausing", "ok", { isRootless: true }, /^cgroup v2 \(systemd\), rootless$/],
    [
      "pausing",
      "note",
      { isRootless: true, cgroupVersion: "1", cgroupDriver: "none" },
      /rootless: it cannot pause$/,
    ],
    ["clock", "ok", {}, /^the same/],
    ["clock", "ok", { skewMs: -999 }, /^999 ms behind ours; it is allowed for$/],
    ["clock", "note", { skewMs: 1_000 }, /^1000 ms ahead of ours$/],
    ["known-faults", "note", {}, /^stale-endpoint, stuck-network, late-exit-code, lock-out: all allowed for/],
    [
      "known-faults",
      "note",
      { version: "19.03.8", cgroupVersion: "1" },
      /late-exit-code, lock-out, freeze: all/,
    ],
    ["known-faults", "note", { version: "27.1.0", cgroupVersion: "1" }, /^freeze: all allowed for/],
    ["known-faults", "ok", { version: "27.1.0" }, /^none; it is newer than what was looked into, 20\.10$/],
  ])("%s is %s: %o", (id, verdict, of, seen) => {
    const judgement = checkOf(id).judge(anEngine({ about: of }));
    expect(judgement).toMatchObject({ verdict, seen: expect.stringMatching(seen) });
    // What is fine needs no command; what is known and worked around has none.
    expect(judgement.mend === undefined).toBe(verdict === "ok" || id === "known-faults");
  });

  it.each<[verdict: string, of: Parameters<typeof anEngine>[0], seen: RegExp]>([
    ["ok", {}, /^this machine, Debian/],
    [
      "ok",
      { about: { hostName: "docker-desktop", operatingSystem: "Docker Desktop" } },
      /^a machine of its own behind \/var\/run\/docker\.sock: docker-desktop, Docker Desktop$/,
    ],
    ["ok", { endpoint: { kind: "tcp", host: "127.0.0.1", port: 2375 } }, /^this machine/],
    ["ok", { endpoint: { kind: "ssh", host: "far", port: 22 } }, /^another machine, ssh:\/\/far:22: a-host/],
    // The name alone says little on a platform whose engines are in virtual machines.
    ["ok", { platform: "darwin" }, /^a machine of its own/],
    [
      "ok",
      { about: { hostName: "far" }, endpoint: { kind: "ssh", host: "far", port: 22 } },
      /^another machine, ssh:\/\/far:22/,
    ],
    [
      "ok",
      { about: { hostName: "vm" }, endpoint: { kind: "tcp", host: "127.0.0.1", port: 2375 } },
      /^another machine/,
    ],
    [
      "ok",
      {
        about: { hostName: "far" },
        endpoint: { kind: "tcp", host: "far", port: 2376, tls: { folder: "/certs" } },
      },
      /^another machine, tcp:\/\/far:2376/,
    ],
    [
      "note",
      { about: { hostName: "far" }, endpoint: { kind: "tcp", host: "far", port: 2375 } },
      /without TLS/,
    ],
  ])("place is %s: %o", (verdict, of, seen) => {
    expect(checkOf("place").judge(anEngine(of))).toMatchObject({
      verdict,
      seen: expect.stringMatching(seen),
    });
  });
});

describe("whether an engine answers", () => {
  const none = { kind: "none", looked: [{ where: "/var/run/docker.sock", seen: "no such socket" }] } as const;
  it("is worth a note where none is needed, and a failure where one is", () => {
    const seen = "/var/run/docker.sock (no such socket)";
    expect(judgeReached(none, { isNeeded: false })).toMatchObject({
      verdict: "note",
      seen: `none, so runs are simulated: ${seen}`,
    });
    expect(judgeReached(none, { isNeeded: true })).toMatchObject({
      verdict: "broken",
      seen: `none answers: ${seen}`,
    });
  });

  it.each([
    ["DOCKER_HOST", "docker 20.10.24 at /var/run/docker.sock, named by DOCKER_HOST"],
    ["/var/run/docker.sock", "docker 20.10.24 at /var/run/docker.sock"],
  ])("says where one was found, and who named it: %s", (from, seen) => {
    const found = {
      kind: "found",
      title: "docker 20.10.24",
      from,
      endpoint: SOCKET,
      docker: undefined!,
    } as const;
    expect(judgeReached(found, { isNeeded: true })).toEqual({ verdict: "ok", seen });
  });
});

describe("the images", () => {
  it.each([
    ["ok", { is: "there", id: "1", title: "node:24-slim" }, "node:24-slim", undefined],
    [
      "ok",
      { is: "to assemble", title: "assembled from x" },
      "to be assembled from x, by the next run",
      undefined,
    ],
    [
      "note",
      { is: "to pull", name: "nats:2", because: ["the engine has none", "none is installed"] },
      "nats:2 would have to be pulled (the engine has none; none is installed)",
      "docker pull nats:2; or apt-get install nats",
    ],
  ] as const)("a base is %s: %o", (verdict, base, seen, mend) => {
    expect(judgeBase(base, "apt-get install nats")).toEqual({ verdict, seen, ...(mend && { mend }) });
  });

  it("are fine when all of them are up to date", () => {
    const images = [{ tag: "a:debug", state: "up to date" }] as const;
    expect(judgeImages({ bases: new Map(), images })).toEqual({ verdict: "ok", seen: "a:debug: up to date" });
  });

  it.each(["outdated", "missing", "untagged"] as const)("are worth a note when one is %s", (state) => {
    const images = [
      { tag: "a:debug", state: "up to date" },
      { tag: "b:debug", state },
    ] as const;
    expect(judgeImages({ bases: new Map(), images })).toEqual({
      verdict: "note",
      seen: `a:debug up to date, b:debug ${state}`,
      mend: "repro images",
    });
  });
});

describe("the engine's disk", () => {
  it.each([
    ["ok", 2e9, "overlay2", "2.0 GB free for /var/lib/docker"],
    ["note", 1.9e9, "overlay2", "1.9 GB free for /var/lib/docker; several runs at once may need 2.0 GB"],
    ["broken", 499e6, "overlay2", "499 MB free for /var/lib/docker; images and a stack need 500 MB"],
    ["ok", 10e9, "vfs", "10.0 GB free for /var/lib/docker"],
    ["note", 9e9, "vfs", "9.0 GB free for /var/lib/docker; several runs at once may need 10.0 GB"],
    ["broken", 999e6, "vfs", "999 MB free for /var/lib/docker; images and a stack need 1.0 GB"],
    ["note", undefined, "overlay2", "/var/lib/docker cannot be seen from here"],
  ])("is %s with %s bytes, under %s", (verdict, freeBytes, storageDriver, seen) => {
    const judgement = judgeEngineDisk({ folder: "/var/lib/docker", freeBytes, storageDriver });
    expect(judgement).toMatchObject({ verdict, seen });
    expect(judgement.mend === undefined).toBe(verdict === "ok");
  });
});

describe("the networks", () => {
  const subnets: string[] = [];
  for (let n = 0; n < 512; n++) subnets.push(chooseSubnet(subnets, "a")!.cidr);

  it.each([
    ["ok", [], /^512 of 512 free$/],
    ["ok", subnets.slice(0, 502), /^10 of 512 free$/],
    ["note", subnets.slice(0, 503), /^9 of 512 free; taken by 10\.201\./],
    ["broken", subnets, /^0 of 512 free; taken by 10\.201\./],
    ["broken", ["10.0.0.0/8"], /^0 of 512 free; taken by 10\.0\.0\.0\/8$/],
  ])("leave subnets for stacks: %s", (verdict, taken, seen) => {
    expect(judgeSubnets(someNetworks({ taken }))).toMatchObject({
      verdict,
      seen: expect.stringMatching(seen),
    });
  });

  it.each([
    ["ok", undefined, /cannot be seen from here$/],
    ["ok", [], /^none in 10\.201\.0\.0\/16/],
    ["ok", ["192.0.2.0/24"], /^none in/],
    ["ok", ["10.201.7.0/25"], /^none in/],
    ["note", ["10.0.0.0/8", "10.201.7.128/25"], /^10\.0\.0\.0\/8 \(tun0\), 10\.201\.7\.128\/25 \(tun0\) in/],
  ])("and routes in the way are %s: %o", (verdict, ranges, seen) => {
    const routes = ranges?.map((range) => ({ range, device: "tun0" }));
    const judgement = judgeRoutes(someNetworks({ routes, taken: ["10.201.7.0/25"] }));
    expect(judgement).toMatchObject({ verdict, seen: expect.stringMatching(seen) });
  });

  it("count what the engine's own pools have left, routes taken off", () => {
    const pools = [
      { base: "172.17.0.0/16", size: 16 },
      { base: "192.168.0.0/16", size: 20 },
    ];
    const seenOf = (of: Partial<Networks>) => judgePools(someNetworks({ pools, ...of }));
    expect(seenOf({})).toEqual({ verdict: "ok", seen: "17 of 17 free" });
    expect(seenOf({ taken: ["172.17.0.0/16", "192.168.1.0/24"] })).toMatchObject({ seen: "15 of 17 free" });
    const routes = [{ range: "192.168.0.0/16", device: "eth0" }];
    expect(seenOf({ taken: ["172.17.0.0/16"], routes })).toEqual({
      verdict: "note",
      seen: "0 of 17 free",
      mend: "docker network prune",
    });
  });
});

describe("what runs have left", () => {
  const one = (
    state: RunState,
    kind: "containers" | "networks" | "images" = "containers",
    run = "r1",
  ): CleanUp => {
    const thing = { id: "1", name: "one", owner: undefined, run };
    const none = { containers: [], networks: [], volumes: [], images: [] };
    return { run, things: { ...none, [kind]: [thing] }, state, remove: false, why: "", stands: false };
  };
  it.each<[verdict: string, runs: readonly CleanUp[], seen: string, mend: string | undefined]>([
    ["ok", [], "nothing of ours is there", undefined],
    ["ok", [one("alive")], "under way: 1 run with 1 container", undefined],
    [
      "ok",
      [one("kept"), one("elsewhere", "networks", "r2")],
      "kept, until `repro down --name NAME`: 1 run with 1 container; of another host: 1 run with 1 network",
      undefined,
    ],
    [
      "note",
      [
        one("alive"),
        one("dead", "networks", "r2"),
        one("dead", "containers", "r3"),
        one("dead", "images", "r3"),
      ],
      "killed: 2 runs with 1 container, 1 network, 1 image; under way: 1 run with 1 container",
      "repro clean",
    ],
    ["ok", [one("unreadable")], "without an owner: 1 run with 1 container", undefined],
  ])("is %s: %o", (verdict, runs, seen, mend) => {
    expect(judgeLeftovers(runs)).toEqual({ verdict, seen, ...(mend && { mend }) });
  });
});

function checkOf(id: string): Check<EngineSeen> {
  const { checks } = character(() => Promise.reject(new Error("nobody asks")));
  return checks.find((check) => check.id === id)!;
}

function anEngine(
  of: {
    readonly about?: Partial<EngineAbout>;
    readonly endpoint?: Endpoint;
    readonly platform?: string;
  } = {},
): EngineSeen {
  const about: EngineAbout = {
    version: "20.10.24",
    apiVersion: "1.41",
    hostName: "a-host",
    operatingSystem: "Debian GNU/Linux 12 (bookworm)",
    architecture: "x86_64",
    storageDriver: "overlay2",
    rootFolder: "/var/lib/docker",
    cgroupVersion: "2",
    cgroupDriver: "systemd",
    isRootless: false,
    pools: undefined,
    skewMs: 0,
    ...of.about,
  };
  return {
    about,
    endpoint: of.endpoint ?? SOCKET,
    host: { name: "a-host", platform: of.platform ?? "linux", arch: "x64" },
  };
}

function someNetworks(of: Partial<Networks>): Networks {
  return { taken: [], routes: undefined, pools: [], ...of };
}
