import { describe, expect, it } from "vitest";
import {
  resolveSettings,
  type Resolution,
  type Setting,
  type SettingTable,
  type Sources,
} from "./resolve.ts";
import { duration, oneOf, optionalText, port } from "./values.ts";

const TABLE = {
  logLevel: {
    path: "log_level",
    env: "EXPANSO_LOG_LEVEL",
    flag: "--log-level",
    read: oneOf("debug", "info"),
    fallback: "info",
  },
  lostTimeoutMs: {
    path: "node_manager.lost_timeout",
    env: "EXPANSO_ORCHESTRATOR_NODE_MANAGER_LOST_TIMEOUT",
    read: duration(10),
    fallback: 3_600_000,
  },
  apiPort: { path: "api.port", env: "EXPANSO_ORCHESTRATOR_API_PORT", read: port, fallback: 9_010 },
  token: {
    path: "token",
    env: "EXPANSO_ORCHESTRATOR_TOKEN",
    read: optionalText,
    fallback: undefined as string | undefined,
  },
} satisfies Record<string, Setting<unknown>>;

function resolve(sources: Partial<Sources> & { readonly text?: string }): Resolution<typeof TABLE> {
  const { text, ...rest } = sources;
  return resolveSettings(TABLE, {
    flags: {},
    env: {},
    file: text === undefined ? undefined : { name: "config.yaml", text },
    ...rest,
  });
}

const valuesOf = <T extends SettingTable>(resolution: Resolution<T>) =>
  resolution.ok ? resolution.values : resolution.problems;
const problemsOf = <T extends SettingTable>(resolution: Resolution<T>) =>
  resolution.ok ? [] : resolution.problems;

describe("a setting", () => {
  const flags = { "--log-level": "debug" };
  const env = { EXPANSO_LOG_LEVEL: "debug" };
  const text = "log_level: debug";

  it("has its default when nobody sets it", () => {
    expect(resolve({})).toEqual({
      ok: true,
      values: { logLevel: "info", lostTimeoutMs: 3_600_000, apiPort: 9_010, token: undefined },
      warnings: [],
    });
  });

  it.each<[string, Parameters<typeof resolve>[0]]>([
    ["the file over the default", { text }],
    ["the environment over the file", { env, text: "log_level: info" }],
    ["a flag over the environment", { flags, env: { EXPANSO_LOG_LEVEL: "info" } }],
    ["a flag over the file", { flags, text: "log_level: info" }],
    ["a flag over all", { flags, env: { EXPANSO_LOG_LEVEL: "info" }, text: "log_level: info" }],
  ])("follows %s", (_, sources) => {
    expect(valuesOf(resolve(sources))).toMatchObject({ logLevel: "debug" });
  });

  it("takes an empty variable for one that is not set, as Compose passes it on", () => {
    expect(valuesOf(resolve({ env: { EXPANSO_LOG_LEVEL: "" }, text }))).toMatchObject({ logLevel: "debug" });
  });

  it("takes a key with nothing behind it for one that is not there", () => {
    const resolution = resolve({ text: "log_level:\ntoken:\nnode_manager:\n  lost_timeout: ~\napi:\n" });
    expect(valuesOf(resolution)).toEqual(valuesOf(resolve({})));
  });
});

describe("a file", () => {
  it("is a map of maps", () => {
    const text = "# all of it\nnode_manager:\n  lost_timeout: 6s\napi: {port: 80}\ntoken: '007'\n";
    expect(valuesOf(resolve({ text }))).toEqual({
      logLevel: "info",
      lostTimeoutMs: 6_000,
      apiPort: 80,
      token: "007",
    });
  });

  it("may be empty", () => {
    expect(resolve({ text: "" }).ok).toBe(true);
    expect(resolve({ text: "# nothing yet\n" }).ok).toBe(true);
  });

  it.each([
    ["log_levle: debug", ['config.yaml:1:1: unknown setting "log_levle" (did you mean log_level?)']],
    [
      "node_manager:\n  lost_timeuot: 6s",
      [
        'config.yaml:2:3: unknown setting "node_manager.lost_timeuot" (did you mean node_manager.lost_timeout?)',
      ],
    ],
    ["colour: red", ['config.yaml:1:1: unknown setting "colour"']],
    [
      "node_manager:\n  lost_timeout: soon",
      ['config.yaml:2:3: got "soon", accepted is a duration like 250ms, 1s, 5m or 1h, at least 10ms'],
    ],
    ["log_level: [debug]", ["config.yaml:1:1: log_level must be a single value"]],
    ["- log_level", ["config.yaml:1:1: a map of settings is expected"]],
    ["debug", ["config.yaml:1:1: a map of settings is expected"]],
  ])("%j is refused, with its place", (text, problems) => {
    expect(problemsOf(resolve({ text }))).toEqual(problems);
  });

  it("that is no YAML is refused, with its place", () => {
    expect(problemsOf(resolve({ text: "log_level: info\ntoken: [a" }))).toEqual([
      expect.stringMatching(/^config\.yaml:2:\d+: .+/),
    ]);
    expect(problemsOf(resolve({ text: "log_level: info\nlog_level: debug" }))).toEqual([
      expect.stringMatching(/^config\.yaml:2:1: .*unique/),
    ]);
  });
});

describe("a bad value", () => {
  it.each<[string, Parameters<typeof resolve>[0], string]>([
    ["flag", { flags: { "--log-level": "loud" } }, 'option --log-level: got "loud", accepted is debug, info'],
    [
      "environment",
      { env: { EXPANSO_ORCHESTRATOR_API_PORT: "70000" } },
      'environment variable EXPANSO_ORCHESTRATOR_API_PORT: got "70000", accepted is a port from 0 to 65535',
    ],
    ["file", { text: "api:\n  port: -1" }, 'config.yaml:2:3: got "-1", accepted is a port from 0 to 65535'],
  ])("names its place: %s", (_, sources, problem) => {
    expect(problemsOf(resolve(sources))).toEqual([problem]);
  });

  it("does not hide the others", () => {
    const resolution = resolve({
      flags: { "--log-level": "loud" },
      env: { EXPANSO_ORCHESTRATOR_API_PORT: "x" },
      text: "colour: red\nnode_manager: {lost_timeout: 1}",
    });
    expect(problemsOf(resolution).length).toBe(4);
  });

  it("that a better source overrules is not looked at", () => {
    expect(resolve({ flags: { "--log-level": "info" }, env: { EXPANSO_LOG_LEVEL: "loud" } }).ok).toBe(true);
  });
});

describe("an unknown variable", () => {
  it("of this program is warned of: misspelt, it would change nothing and say nothing", () => {
    const resolution = resolve({
      env: { EXPANSO_ORCHESTRATOR_API_PROT: "80", EXPANSO_ORCHESTRATOR_COLOUR: "red" },
    });
    expect(resolution.ok && resolution.warnings).toEqual([
      "environment variable EXPANSO_ORCHESTRATOR_API_PROT is not a setting of this program (did you mean EXPANSO_ORCHESTRATOR_API_PORT?)",
      "environment variable EXPANSO_ORCHESTRATOR_COLOUR is not a setting of this program",
    ]);
  });

  it("of anybody else is nobody's business", () => {
    const resolution = resolve({
      env: { PATH: "/bin", EXPANSO_EDGE_NAME: "edge1", EXPANSO_CLI_PROFILE: "p" },
    });
    expect(resolution).toMatchObject({ ok: true, warnings: [] });
  });
});
