import { describe, expect, it } from "vitest";
import { HttpUnreachableError, type HttpRequest, type HttpResponse } from "../ports/http.ts";
import { VERSION } from "../model/version.ts";
import { A_PUBLIC_KEY, someCredentials } from "../test-kit/a-cluster-key.ts";
import { aHost } from "../test-kit/a-host.ts";
import { aUuid, createCountingRandom } from "../test-kit/counting-random.ts";
import { createManualClock } from "../test-kit/manual-clock.ts";
import { createMemoryDisk } from "../test-kit/memory-disk.ts";
import { createRecordingLog } from "../test-kit/recording-log.ts";
import { IDENTITY_FILE, IdentityError, loadIdentity, TOKEN_FILE } from "./identity.ts";
import type { EdgeSettings } from "./settings.ts";

const URL = "http://orchestrator:9010/api/v1/nodes/register";

/** An edge without identity, whose orchestrator gives these answers, one after the other; the last one stays. */
function anEdge(
  answers: readonly (HttpResponse | "nobody")[] = [],
  files: Readonly<Record<string, string>> = {},
) {
  const clock = createManualClock();
  const disk = createMemoryDisk(files);
  const log = createRecordingLog();
  const requests: HttpRequest[] = [];
  const http = {
    request: (request: HttpRequest): Promise<HttpResponse> => {
      const answer = answers[Math.min(requests.length, answers.length - 1)] ?? "nobody";
      requests.push(request);
      return answer === "nobody"
        ? Promise.reject(new HttpUnreachableError(request.url, "connection refused"))
        : Promise.resolve(answer);
    },
  };
  const load = (settings: Partial<EdgeSettings> = {}) =>
    loadIdentity(
      {
        disk,
        http,
        clock,
        random: createCountingRandom(),
        credentials: someCredentials(),
        host: aHost(),
        log,
      },
      { name: "edge1", labels: { zone: "eu" }, ...settings },
    );
  return { clock, disk, log, requests, load };
}

const given = (id: string): HttpResponse => ({
  status: 201,
  body: JSON.stringify({ node_id: id, nats: { url: "nats://nats:4222", jwt: "jwt" } }),
});
const fileOf = (id: string) => JSON.stringify({ node_id: id });
const PROOF = { jwt: "jwt", seed: "SUSECRET" };
const REGISTERED = { nodeId: aUuid(7), broker: { url: "nats://nats:4222", credentials: PROOF } };
const REGISTERED_FILE = JSON.stringify({ node_id: aUuid(7), nats: { url: "nats://nats:4222", ...PROOF } });

describe("an identity", () => {
  it("that is in the data directory is kept; nobody is asked", async () => {
    const { load, requests, disk } = anEdge([given(aUuid(9))], { [IDENTITY_FILE]: fileOf(aUuid(5)) });
    expect(await load({ bootstrapUrl: "http://orchestrator:9010" })).toEqual({ nodeId: aUuid(5) });
    expect(requests).toEqual([]);
    expect(disk.files.get(IDENTITY_FILE)).toBe(fileOf(aUuid(5)));
  });

  it("is of the edge's own making when there is nobody to ask, and the same from then on", async () => {
    const { load, disk, log } = anEdge();
    expect(await load()).toEqual({ nodeId: aUuid(1) });
    expect(disk.files.get(IDENTITY_FILE)).toBe(fileOf(aUuid(1)));
    expect(await load()).toEqual({ nodeId: aUuid(1) });
    expect(log.told()).toEqual(["info EDGE: New identity"]);
  });

  it.each(["{", "{}", "", '{"node_id":"edge1"}'])(
    "in a damaged file (%s) is refused, never replaced",
    async (text) => {
      const { load, disk } = anEdge([given(aUuid(9))], { [IDENTITY_FILE]: text });
      await expect(load({ bootstrapUrl: "http://orchestrator:9010" })).rejects.toThrow(
        new IdentityError(
          "identity.json in the data directory is damaged; remove it to get a new identity, or restore it",
        ),
      );
      expect(disk.files.get(IDENTITY_FILE)).toBe(text);
    },
  );
});

describe("registering", () => {
  it("tells who the edge is and what it may show, and keeps the id that it is given", async () => {
    const { load, requests, disk } = anEdge([given(aUuid(7))]);
    expect(await load({ bootstrapUrl: "http://orchestrator:9010/", bootstrapToken: "t" })).toEqual(
      REGISTERED,
    );
    expect(requests.map(({ method, url }) => [method, url])).toEqual([["POST", URL]]);
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual({
      token: "t",
      public_key: A_PUBLIC_KEY,
      name: "edge1",
      hostname: "edge.local",
      os: "linux",
      arch: "x64",
      agent_version: VERSION,
      labels: { zone: "eu" },
    });
    expect(disk.files.get(IDENTITY_FILE)).toBe(REGISTERED_FILE);
    expect(await load()).toEqual(REGISTERED);
  });

  it("never sends the secret half of its key", async () => {
    const { load, requests } = anEdge([given(aUuid(7))]);
    await load({ bootstrapUrl: "http://orchestrator:9010", bootstrapToken: "t" });
    expect(JSON.stringify(requests)).not.toContain(PROOF.seed);
  });

  it("shows the token in the data directory, where nothing else tells one", async () => {
    const { load, requests } = anEdge([given(aUuid(7))], { [TOKEN_FILE]: "from the disk\n" });
    await load({ bootstrapUrl: "http://orchestrator:9010" });
    expect(JSON.parse(requests[0]?.body ?? "")).toMatchObject({ token: "from the disk" });
  });

  it("asks every 250 ms until it is answered, and says once that it waits", async () => {
    const { load, requests, clock, log } = anEdge([
      "nobody",
      { status: 503, body: "" },
      { status: 408, body: "" },
      { status: 429, body: "" },
      { status: 201, body: "{}" },
      given(aUuid(7)),
    ]);
    const loaded = load({ bootstrapUrl: "http://orchestrator:9010" });
    await clock.pass(1_249);
    expect(requests.length).toBe(5);
    await clock.pass(1);
    expect(requests.length).toBe(6);
    expect(await loaded).toEqual(REGISTERED);
    expect(log.lines[0]).toEqual({
      level: "info",
      message: "EDGE: Waiting for the orchestrator to give out an identity",
      fields: { url: URL, seen: `no answer from ${URL}: connection refused` },
    });
    expect(log.told()).toEqual([
      "info EDGE: Waiting for the orchestrator to give out an identity",
      "info EDGE: New identity",
    ]);
  });

  it.each([
    [
      401,
      '{"code":"TOKEN_UNKNOWN","message":"the bootstrap token\\nis none"}',
      "the bootstrap token is none",
    ],
    [400, '{"message":"name: too long"}', "name: too long"],
    [404, "<html>", "HTTP 404: this is not the API of an orchestrator; is EXPANSO_EDGE_BOOTSTRAP_URL right?"],
    [403, "{}", "HTTP 403: this is not the API of an orchestrator; is EXPANSO_EDGE_BOOTSTRAP_URL right?"],
  ])("gives up when it is refused (%s %s), and leaves no identity behind", async (status, body, said) => {
    const { load, requests, disk, clock } = anEdge([{ status, body }]);
    await expect(load({ bootstrapUrl: "http://orchestrator:9010", bootstrapToken: "wrong" })).rejects.toThrow(
      new IdentityError(`${URL}: ${said}`),
    );
    await clock.pass(10_000);
    expect(requests.length).toBe(1);
    expect(disk.files.size).toBe(0);
  });
});
