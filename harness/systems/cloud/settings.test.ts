import { describe, expect, it } from "vitest";
import { UsageError } from "../../errors.ts";
import { readCloudSettings } from "./settings.ts";

const FULL = [
  "EXPANSO_EDGE_BOOTSTRAP_TOKEN=ebt1.secret",
  "EXPANSO_ENDPOINT='http://10.0.0.1:9010' # ours",
  "EXPANSO_CLI_AUTH_API_KEY=expanso_secret",
].join("\n");

describe("what is told of a cloud", () => {
  it("comes from .env, with what docker-compose.yml takes for granted", () => {
    expect(read(FULL)).toEqual({
      endpoint: "http://10.0.0.1:9010",
      apiKey: "expanso_secret",
      bootstrapUrl: "https://start.cloud.expanso.io",
      bootstrapToken: "ebt1.secret",
      edgeImage: "ghcr.io/expanso-io/expanso-edge:nightly",
    });
  });

  it("comes from the environment first, where what is empty is not set", () => {
    const env = {
      EXPANSO_ENDPOINT: "https://other",
      EXPANSO_EDGE_BOOTSTRAP_TOKEN: "",
      EXPANSO_EDGE_IMAGE: "mine:1",
    };
    expect(read(FULL, env)).toMatchObject({
      endpoint: "https://other",
      bootstrapToken: "ebt1.secret",
      edgeImage: "mine:1",
    });
  });

  it("needs no key where the API wants none", () => {
    expect(read("EXPANSO_EDGE_BOOTSTRAP_TOKEN=t\nEXPANSO_ENDPOINT=http://h").apiKey).toBeUndefined();
  });

  it.each([
    [
      "no file",
      undefined,
      {},
      "EXPANSO_EDGE_BOOTSTRAP_TOKEN is missing, the token that edges show: the environment has none, and there is no .env; copy .env.example",
    ],
    [
      "no endpoint",
      "EXPANSO_EDGE_BOOTSTRAP_TOKEN=t",
      {},
      "EXPANSO_ENDPOINT is missing, the address of the API: the environment has none, and .env has none; add EXPANSO_ENDPOINT=… to it",
    ],
    [
      "an endpoint that is none",
      FULL,
      { EXPANSO_ENDPOINT: "ftp://h" },
      "EXPANSO_ENDPOINT in the environment: accepted is a URL",
    ],
    [
      "an address with a password in it",
      FULL,
      { EXPANSO_EDGE_BOOTSTRAP_URL: "http://me:hidden@h" },
      "EXPANSO_EDGE_BOOTSTRAP_URL in the environment: accepted is a URL",
    ],
    [
      "a token in two lines",
      FULL,
      { EXPANSO_EDGE_BOOTSTRAP_TOKEN: "hidden\nhidden" },
      "EXPANSO_EDGE_BOOTSTRAP_TOKEN in the environment: a token or a key has no spaces",
    ],
    [
      "a key with a space",
      `${FULL}\nEXPANSO_CLI_AUTH_API_KEY="hid den"`,
      {},
      "EXPANSO_CLI_AUTH_API_KEY in .env: a token or a key has no spaces",
    ],
  ])("is refused with place and mend, and never shown: %s", (_what, file, env, words) => {
    let said: unknown;
    try {
      read(file, env);
    } catch (error) {
      said = error;
    }
    expect(said).toBeInstanceOf(UsageError);
    expect((said as Error).message).toContain(words);
    expect((said as Error).message).not.toMatch(/hid/);
  });
});

function read(file: string | undefined, env: Readonly<Record<string, string>> = {}) {
  return readCloudSettings({ env, file, path: ".env" });
}
