import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { EDGE_TABLE } from "../../controlplane/config/edge-settings.ts";
import { ORCHESTRATOR_TABLE } from "../../controlplane/config/orchestrator-settings.ts";
import { resolveSettings, type SettingTable } from "../../controlplane/config/resolve.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import { PROFILES, type Timing } from "../../harness/timing/profile.ts";

/** The compose files, against what they are to agree with; `tests/docker/compose.test.ts` runs them. */
const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const CLOUD = "docker-compose.yml";
const STACKS = [
  { file: "docker-compose.debug.yml", suffix: "debug" },
  { file: "docker-compose.debug-fast.yml", suffix: "debug-fast" },
] as const;
const FILES = [CLOUD, ...STACKS.map(({ file }) => file)];
const DEFAULT = PROFILES["default"]!.timing;
const FAST = PROFILES["fast"]!.timing;
const TIMINGS: Readonly<Record<(typeof STACKS)[number]["suffix"], Timing>> = {
  debug: DEFAULT,
  // Seed 001's table, and nothing else: a person needs the five minutes.
  "debug-fast": {
    ...DEFAULT,
    heartbeat: FAST.heartbeat,
    reevaluationBatch: FAST.reevaluationBatch,
    housekeeping: FAST.housekeeping,
  },
};

describe.each(FILES)("%s", (file) => {
  const services = Object.values(read(file).services);

  it("needs nothing of the host: no socket, no folder, no privilege, no network of its own", () => {
    expect(services.length).toBeGreaterThan(1);
    for (const service of services) {
      expect(Object.keys(service).filter((key) => !HARMLESS.includes(key))).toEqual([]);
      // A volume by name. A path would begin with a dot, a slash, a tilde or a variable.
      expect([undefined, "none"]).toContain(service.network_mode);
      for (const volume of service.volumes ?? []) expect(volume).toMatch(/^[a-z][a-z0-9-]+:\/[a-z0-9/]+$/);
    }
  });

  it("publishes to this machine alone", () => {
    for (const port of services.flatMap(({ ports = [] }) => ports))
      expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$/);
  });

  it("has nothing that only one of Compose v2 and docker-compose 1.29 reads", () => {
    const known = ["services", "networks", "volumes"];
    expect(Object.keys(read(file)).filter((key) => !known.includes(key) && !key.startsWith("x-"))).toEqual(
      [],
    );
  });
});

/** What a service may have; anything else has to be thought about first. */
const HARMLESS = [
  "image",
  "container_name",
  "hostname",
  "pull_policy",
  "build",
  "depends_on",
  "networks",
  "network_mode",
  "ports",
  "entrypoint",
  "command",
  "environment",
  "volumes",
];

const IMAGE_OF: Readonly<Record<string, string>> = { keys: "orchestrator" };

describe.each(STACKS)("$file", ({ file, suffix }) => {
  const { services, networks, volumes } = read(file);

  it("has the seeds' names", () => {
    const containers = Object.entries(services).map(([name, { container_name: its }]) => [name, its]);
    expect(Object.fromEntries(containers)).toEqual({
      keys: `keys-${suffix}`,
      nats: `nats-${suffix}`,
      orchestrator: `orchestrator-${suffix}`,
      edge1: `edge1-${suffix}`,
      edge2: `edge2-${suffix}`,
    });
    expect(Object.keys(networks ?? {})).toEqual([`expanso-${suffix}`]);
    expect(Object.keys(volumes ?? {})).toEqual([
      `nats-${suffix}-auth`,
      `orchestrator-${suffix}-data`,
      `edge1-${suffix}-data`,
      `edge2-${suffix}-data`,
    ]);
  });

  it("publishes the seeds' ports", () => {
    const published = Object.entries(services).map(([name, { ports = [] }]) => [name, ports.map(byDefault)]);
    expect(Object.fromEntries(published)).toEqual({
      keys: [],
      nats: ["127.0.0.1:4222:4222", "127.0.0.1:8222:8222"],
      orchestrator: ["127.0.0.1:9010:9010"],
      edge1: [],
      edge2: [],
    });
  });

  it("starts the images that `repro images` builds, and never asks a registry for them", () => {
    const tags = new Map(bundledSystem.images.map(({ key, tag }) => [key, tag]));
    for (const [name, service] of Object.entries(services)) {
      expect(byDefault(service.image)).toBe(tags.get(IMAGE_OF[name] ?? name.replace(/\d$/, "")));
      expect(service.pull_policy).toBe("never");
      // 1.29 ignores the policy, and would pull what it cannot build.
      expect(service.build).toEqual({ context: "docker", dockerfile: "unbuilt.Dockerfile" });
    }
  });

  it("has its keys made before anything else starts, each where the machine looks that it is for", () => {
    const { keys, ...others } = services;
    const written = (keys?.command ?? []).flatMap(
      (word) => /=(?<path>.*)$/.exec(word)?.groups?.["path"] ?? [],
    );
    const found = Object.entries(others).flatMap(([name, { volumes: own = [] }]) =>
      own.map((volume) => [name, ...volume.split(":")] as const),
    );
    // The same volumes, under a name for each machine.
    const places = found.map(([name, volume, at]) => {
      const [, there = ""] =
        (keys?.volumes ?? []).map((its) => its.split(":")).find(([its]) => its === volume) ?? [];
      return [
        name,
        at,
        written.filter((path) => path.startsWith(`${there}/`)).map((path) => path.slice(there.length + 1)),
      ];
    });
    const machines = bundledSystem.machines({ edges: 2, timing: DEFAULT, fix: "none" });
    expect(places).toEqual(
      machines.map(({ name, data }) => [
        name,
        data?.path,
        // The orchestrator's own is always made, and in its data directory.
        name === "orchestrator" ? [] : Object.keys(data?.given ?? {}),
      ]),
    );
    expect(keys?.network_mode).toBe("none");
    for (const { depends_on: waitsFor } of Object.values(others)) {
      expect(waitsFor?.["keys"]).toEqual({ condition: "service_completed_successfully" });
    }
  });

  it("sets the orchestrator's pace as the profile has it", () => {
    const { logLevel, natsUrl, avoid, recovery, ...settings } = settingsOf(
      ORCHESTRATOR_TABLE,
      services["orchestrator"]!,
    );
    expect(TIMINGS[suffix]).toEqual({
      heartbeat: settings.heartbeatMs,
      disconnectTimeout: settings.disconnectTimeoutMs,
      lostTimeout: settings.lostTimeoutMs,
      reevaluationBatch: settings.reevaluationBatchMs,
      housekeeping: settings.housekeepingMs,
      dataPlaneSetup: settings.dataPlaneSetupMs,
      resyncInterval: settings.resyncIntervalMs,
    });
    expect({ logLevel, natsUrl, avoid }).toEqual({
      logLevel: "debug",
      natsUrl: "nats://nats:4222",
      avoid: "any-job",
    });
    // The bug, unless somebody asks for a fix.
    expect(recovery.name).toBe("none");
    expect(services["orchestrator"]!.volumes).toEqual([
      `orchestrator-${suffix}-data:${ORCHESTRATOR_TABLE.dataDir.fallback}`,
    ]);
  });

  it.each(["edge1", "edge2"])("gives %s a name, a label and a volume of its own", (name) => {
    const edge = services[name]!;
    expect(settingsOf(EDGE_TABLE, edge)).toMatchObject({
      logLevel: "debug",
      // The host's name.
      name: undefined,
      labels: { edge: name },
      natsUrl: "nats://nats:4222",
      bootstrapUrl: "http://orchestrator:9010",
      heartbeatMs: TIMINGS[suffix].heartbeat,
    });
    expect(edge.hostname).toBe(`${name}-${suffix}`);
    expect(edge.volumes).toEqual([`${name}-${suffix}-data:${EDGE_TABLE.dataDir.fallback}`]);
  });
});

describe("the cloud file", () => {
  const { services, volumes } = read(CLOUD);

  it("has two edges, which keep nothing: each is a new node whenever it is created", () => {
    expect(Object.keys(services)).toEqual(["edge1", "edge2"]);
    for (const [name, edge] of Object.entries(services)) {
      expect(edge).toMatchObject({ container_name: name, hostname: name });
      expect(edge.volumes).toBeUndefined();
      expect(byDefault(edge.image)).toBe("ghcr.io/expanso-io/expanso-edge:nightly");
    }
    expect(volumes).toBeUndefined();
  });

  it("takes token and address from the environment, under names that an edge knows, and has no secret", () => {
    for (const { environment = {} } of Object.values(services)) {
      expect(environment["EXPANSO_EDGE_BOOTSTRAP_TOKEN"]).toMatch(
        /^\$\{EXPANSO_EDGE_BOOTSTRAP_TOKEN:\?[^}]+\}$/,
      );
      const known: readonly string[] = Object.values(EDGE_TABLE).map(({ env }) => env);
      expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
    }
  });
});

describe(".env.example", () => {
  const values = new Map(
    [...text(".env.example").matchAll(/^(?<name>\w+)=(?<value>.*)$/gm)].map(
      ({ groups }) => [groups?.["name"], groups?.["value"]] as const,
    ),
  );

  it("has every variable that has to be filled in, empty, and the default of the others", () => {
    expect(Object.fromEntries(values)).toEqual({
      EXPANSO_EDGE_BOOTSTRAP_TOKEN: "",
      EXPANSO_EDGE_BOOTSTRAP_URL: byDefault(
        read(CLOUD).services["edge1"]!.environment!["EXPANSO_EDGE_BOOTSTRAP_URL"]!,
      ),
      EXPANSO_ENDPOINT: "",
      EXPANSO_CLI_AUTH_API_KEY: "",
      EXPANSO_EDGE_IMAGE: "",
    });
  });

  it("is in the repository; the copy that people fill in never gets there", () => {
    const isIgnored = (file: string) =>
      spawnSync("git", ["check-ignore", "--quiet", file], { cwd: REPOSITORY }).status === 0;
    expect([".env.example", ".env"].map(isIgnored)).toEqual([false, true]);
  });
});

interface Service {
  readonly image: string;
  readonly container_name: string;
  readonly hostname?: string;
  readonly pull_policy?: string;
  readonly build?: unknown;
  readonly network_mode?: string;
  readonly command?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

function read(file: string): ComposeFile {
  return parse(text(file), { merge: true }) as ComposeFile;
}

function text(file: string): string {
  return readFileSync(join(REPOSITORY, file), "utf8");
}

/** As compose fills it in where nobody has set anything. */
function byDefault(value: string): string {
  return value.replaceAll(/\$\{\w+:-(?<otherwise>[^}]*)\}/g, "$<otherwise>");
}

/** What the program makes of its environment; a misspelt variable is a warning. */
function settingsOf<T extends SettingTable>(table: T, { environment = {} }: Service) {
  const env = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, byDefault(value)]),
  );
  const resolution = resolveSettings(table, { flags: {}, env });
  if (!resolution.ok) throw new Error(resolution.problems.join("\n"));
  expect(resolution.warnings).toEqual([]);
  return resolution.values;
}
