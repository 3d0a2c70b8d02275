import { describe, expect, it } from "vitest";
import { aCli } from "./test-kit.ts";

describe("profiles", () => {
  it("are saved, selected, shown and listed, without ever showing a key", async () => {
    const cli = aCli();
    expect((await cli.run("profile save prod --endpoint https://prod:9010 --api-key s3cret")).out).toBe(
      "Profile prod saved in profiles.json, and used from now on\n",
    );
    expect((await cli.run("profile save lab --endpoint lab:9010 --insecure --timeout 5s")).out).toBe(
      "Profile lab saved in profiles.json\n",
    );
    expect((await cli.run("profile list")).out).toBe(`NAME  IN USE  ENDPOINT           API KEY
prod  yes     https://prod:9010  saved
lab   -       http://lab:9010    -
`);
    expect((await cli.run("profile select lab")).out).toBe("Profile lab is used from now on\n");
    expect((await cli.run("profile current")).out).toBe("lab\n");
    expect((await cli.run("profile show")).out).toBe(`Name      lab
In use    yes
Endpoint  http://lab:9010
Timeout   5s
Insecure  yes
`);
    expect((await cli.run("profile show prod")).out).toContain("API key   saved (never shown)\n");
    expect(JSON.parse((await cli.run("profile list -f json")).out)).toEqual([
      { name: "prod", current: false, endpoint: "https://prod:9010", api_key: true, insecure: false },
      {
        name: "lab",
        current: true,
        endpoint: "http://lab:9010",
        api_key: false,
        timeout: "5s",
        insecure: true,
      },
    ]);
    expect(cli.requests).toEqual([]);
  });

  it("keep what a second save does not mention", async () => {
    const cli = aCli();
    await cli.run("profile save prod --endpoint https://prod:9010 --api-key one");
    await cli.run("profile save prod --api-key two");
    expect(JSON.parse(cli.profileText() ?? "")).toEqual({
      current: "prod",
      profiles: { prod: { endpoint: "https://prod:9010", apiKey: "two" } },
    });
  });

  it("take what they save from the environment too, so that a key need not be an argument", async () => {
    const cli = aCli({ env: { EXPANSO_CLI_AUTH_API_KEY: "from-env" } });
    await cli.run("profile save prod --endpoint https://prod:9010");
    expect(cli.profileText()).toContain('"apiKey": "from-env"');
  });

  it.each([
    ["profile save prod", 64, "there is nothing to save; give at least --endpoint URL"],
    ["profile save a/b --endpoint http://x", 64, 'expected a name of letters, digits, _, - and ., saw "a/b"'],
    ["profile save prod --timeout x", 64, '--timeout: expected a duration such as 10s or 500ms, saw "x"'],
    [
      "profile select prod",
      64,
      'there is no profile "prod"; none is saved; expanso-cli profile save prod --endpoint URL',
    ],
    ["profile current", 1, "no profile is in use; expanso-cli profile save NAME --endpoint URL makes one"],
  ])("%s is refused", async (line, code, message) => {
    const cli = aCli();
    expect(await cli.run(line)).toEqual({ code, out: "", err: `expanso-cli: ${message}\n` });
    expect(cli.profileText()).toBeUndefined();
  });

  it.each([
    ["{", /^expanso-cli: cannot read the profiles in profiles.json: .*; mend the file or remove it\n$/],
    ["[]", /: the file is not an object; mend/],
    ['{"current": 1}', /: current is not a string; mend/],
    ['{"profiles": {"a": {"insecure": "yes"}}}', /: a.insecure is not a boolean; mend/],
  ])("that are damaged (%s) stop every command, rather than being ignored", async (profiles, message) => {
    const { code, err } = await aCli({ profiles, routes: { "GET /nodes": { items: [] } } }).run("node list");
    expect(code).toBe(64);
    expect(err).toMatch(message);
  });
});
