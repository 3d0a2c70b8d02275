import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { permissionsOfEdge } from "../../protocol/subjects.ts";
import { A_PUBLIC_KEY, aClusterKey } from "../../test-kit/a-cluster-key.ts";
import { putNode } from "../../test-kit/a-store.ts";
import { anApi, type Answer } from "../../test-kit/an-api.ts";
import { aUuid } from "../../test-kit/counting-random.ts";
import { START_MS } from "../../test-kit/manual-clock.ts";
import { createToken } from "./bootstrap-token.ts";

const START = "2026-02-03T04:05:06.000Z";
/** A token that has a minute left. */
const TOKEN = createToken(aClusterKey(), START_MS + 60_000);
const REGISTRATION = {
  token: TOKEN,
  public_key: A_PUBLIC_KEY,
  name: "edge1",
  hostname: "edge1.local",
  os: "linux",
  arch: "x64",
  agent_version: "0.1.0",
  labels: { zone: "eu" },
};
const ids = ({ body }: Answer) => (body as { items: { id: string }[] }).items.map(({ id }) => id);

describe("POST /nodes/register", () => {
  it("gives out an id; the node is known and not there yet", async () => {
    const { call, store } = anApi();
    expect(await call("POST", "/nodes/register", REGISTRATION)).toMatchObject({
      status: 201,
      body: { node_id: aUuid(1) },
    });
    expect(store.node(aUuid(1))).toMatchObject({
      name: "edge1",
      hostname: "edge1.local",
      agentVersion: "0.1.0",
      labels: { zone: "eu" },
      connection: "disconnected",
      message: "registered, not seen yet",
    });
    expect(store.eventsAfter(0, 10).map(({ kind }) => kind)).toEqual(["node-registered"]);
  });

  it("gives out another id each time: a new node", async () => {
    const { call, store } = anApi();
    for (const id of [aUuid(1), aUuid(2)]) {
      expect((await call("POST", "/nodes/register", REGISTRATION)).body).toMatchObject({ node_id: id });
    }
    expect(store.nodes().length).toBe(2);
  });

  it("tells where the broker is, and lets the key in for the node's own subjects alone", async () => {
    const { call } = anApi({ brokerUrl: "nats://nats:4222" });
    const { body } = await call("POST", "/nodes/register", REGISTRATION);
    const { nats } = body as { nats: { url: string; jwt: string } };
    expect(nats.url).toBe("nats://nats:4222");
    // The key of the test's cluster admits in the open.
    expect(JSON.parse(nats.jwt)).toEqual({
      publicKey: A_PUBLIC_KEY,
      name: aUuid(1),
      permissions: permissionsOfEdge(aUuid(1)),
    });
  });

  const ANOTHER = "another one is made by: expanso-orchestrator token create";
  it.each([
    [
      "that is missing",
      undefined,
      "TOKEN_MISSING",
      `a bootstrap token is wanted, and none was given: set EXPANSO_EDGE_BOOTSTRAP_TOKEN; ${ANOTHER}`,
    ],
    [
      "that nobody made",
      "secret",
      "TOKEN_UNKNOWN",
      `the bootstrap token is none that this orchestrator has made: is it complete? ${ANOTHER}`,
    ],
    [
      "that was made to count for longer",
      TOKEN.replace(/\.\d+\./, ".9999999999."),
      "TOKEN_UNKNOWN",
      `the bootstrap token is none that this orchestrator has made: is it complete? ${ANOTHER}`,
    ],
    [
      "that has expired",
      createToken(aClusterKey(), START_MS),
      "TOKEN_EXPIRED",
      `the bootstrap token expired at ${START}; ${ANOTHER}`,
    ],
    [
      "of another cluster",
      createToken(aClusterKey("c2"), START_MS + 60_000),
      "TOKEN_OF_ANOTHER_CLUSTER",
      "the bootstrap token is for cluster c2, this orchestrator is of cluster c1: is the URL the right one?",
    ],
  ])("refuses a token %s, in a line of its own", async (_what, token, code, message) => {
    const { call, store, log } = anApi();
    const answer = await call("POST", "/nodes/register", { ...REGISTRATION, token });
    expect(answer).toEqual({ status: 401, body: { code, message } });
    expect(store.nodes()).toEqual([]);
    expect(log.lines.at(0)).toMatchObject({
      message: "NODE: Registration refused",
      fields: { node_name: "edge1", why: code },
    });
  });

  it("never writes a token into the log", async () => {
    const { call, log } = anApi();
    await call("POST", "/nodes/register", REGISTRATION);
    await call("POST", "/nodes/register", { ...REGISTRATION, token: "not-to-be-seen" });
    expect(log.lines.length).toBeGreaterThan(1);
    expect(JSON.stringify(log.lines)).not.toMatch(/not-to-be-seen|ebt1|UAAAA/);
  });

  it("answers whatever it is sent with 4xx, and remembers nothing of it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string(), fc.jsonValue().map(around)), async (body) => {
        const { call, store } = anApi();
        const { status } = await call("POST", "/nodes/register", body);
        expect([400, 401]).toContain(status);
        expect(store.nodes()).toEqual([]);
      }),
    );
    const { call } = anApi();
    const huge = { ...REGISTRATION, labels: { a: "x".repeat(2 * 1024 * 1024) } };
    expect((await call("POST", "/nodes/register", huge)).status).toBe(413);
  });

  /** A request in which one thing is not what it should be. */
  function around(value: unknown): string {
    return JSON.stringify({ ...REGISTRATION, labels: { value: [value] } });
  }

  it.each([
    ["name", ""],
    ["hostname", undefined],
    ["labels", { zone: 1 }],
    ["name", "x".repeat(300)],
    ["public_key", "UABC"],
    ["public_key", undefined],
  ])("refuses a bad %s", async (field, value) => {
    const { call, store } = anApi();
    const answer = await call("POST", "/nodes/register", { ...REGISTRATION, [field]: value });
    expect(answer).toMatchObject({ status: 400, body: { code: "INVALID" } });
    expect((answer.body as { message: string }).message.startsWith(field)).toBe(true);
    expect(store.nodes()).toEqual([]);
  });
});

describe("GET /nodes", () => {
  it("lists all but the deleted ones", async () => {
    const { call, store } = anApi();
    for (const id of ["n1", "n2", "n3"]) putNode(store, id);
    putNode(store, "n2", { connection: "deleted" });
    expect(ids(await call("GET", "/nodes"))).toEqual(["n1", "n3"]);
    expect(ids(await call("GET", "/nodes?order_by=name&order=desc"))).toEqual(["n3", "n1"]);
  });

  it("shows one, with what only the memory knows: the heartbeat and the data plane", async () => {
    const { call, store, transport, clock } = anApi({}, { n1: START_MS + 250 });
    putNode(store, "n1", { name: "edge1", labels: { zone: "eu" }, connectedSinceMs: START_MS });
    transport.openDataPlane({ id: "n1", name: "edge1" });
    const node = {
      id: "n1",
      spec: {
        name: "edge1",
        hostname: "n1.local",
        os: "linux",
        arch: "x64",
        agent_version: "0.1.0",
        labels: { zone: "eu" },
      },
      status: {
        connection_state: "connected",
        data_plane: "setting-up",
        connected_since: START,
        last_heartbeat: "2026-02-03T04:05:06.250Z",
        created_at: START,
        updated_at: START,
        message: "",
        revision: 1,
        last_edge_seq_num: 0,
        last_orchestrator_seq_num: 0,
      },
    };
    expect(await call("GET", "/nodes/n1")).toEqual({ status: 200, body: { node } });
    clock.advance(250);
    expect((await call("GET", "/nodes/n1")).body).toMatchObject({
      node: { status: { data_plane: "ready" } },
    });
  });

  it("counts by connection state", async () => {
    const { call, store } = anApi();
    putNode(store, "n1");
    putNode(store, "n2");
    putNode(store, "n3", { connection: "disconnected" });
    expect((await call("GET", "/nodes/-/stats")).body).toEqual({
      connection_states: { connected: 2, disconnected: 1 },
    });
  });

  it("has no node that nobody knows", async () => {
    expect(await anApi().call("GET", "/nodes/n9")).toEqual({
      status: 404,
      body: { code: "NOT_FOUND", message: "there is no node n9" },
    });
  });
});

describe("DELETE /nodes/{id}", () => {
  it("marks a node as deleted, which is a leave, and cuts it off", async () => {
    const { call, store, transport, log } = anApi();
    putNode(store, "n1", { name: "edge1" });
    transport.openDataPlane({ id: "n1", name: "edge1" });
    const answer = await call("DELETE", "/nodes/n1", { force: true, reason: "broken" });
    expect(answer).toMatchObject({
      status: 200,
      body: { node: { status: { connection_state: "deleted", message: "broken", data_plane: "none" } } },
    });
    expect(store.eventsAfter(1, 10)).toMatchObject([{ kind: "node-left", nodeId: "n1", to: "deleted" }]);
    expect(log.told("NODE")).toEqual(["warn NODE: leave - deleted"]);
  });

  it.each(["disconnected", "lost"] as const)(
    "needs no force for a %s node, and no body",
    async (connection) => {
      const { call, store } = anApi();
      putNode(store, "n1", { connection: "disconnected" });
      if (connection === "lost") putNode(store, "n1", { connection });
      expect((await call("DELETE", "/nodes/n1")).status).toBe(200);
      expect(store.node("n1")).toMatchObject({ connection: "deleted", message: "deleted by request" });
    },
  );

  it("refuses a connected one without force", async () => {
    const { call, store } = anApi();
    putNode(store, "n1", { name: "edge1" });
    expect(await call("DELETE", "/nodes/n1", { reason: "r" })).toEqual({
      status: 409,
      body: {
        code: "CONFLICT",
        message: "node edge1 is connected: delete it with force if you mean it",
      },
    });
    expect(store.node("n1")?.connection).toBe("connected");
  });

  it("finds none that was deleted already, or was never there", async () => {
    const { call, store } = anApi();
    putNode(store, "n1");
    await call("DELETE", "/nodes/n1", { force: true });
    expect((await call("DELETE", "/nodes/n1", { force: true })).body).toEqual({
      code: "NOT_FOUND",
      message: "node n1 was deleted already",
    });
    expect((await call("DELETE", "/nodes/n9")).status).toBe(404);
  });
});
