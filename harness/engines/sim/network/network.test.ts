import { describe, expect, it } from "vitest";
import { someTime, type SomeTime } from "../test-kit/some-time.ts";
import { ConnectError, createNetwork, type Network, type Socket } from "./network.ts";

const PORT = 4222;
const SECOND = 1_000;

describe("connecting", () => {
  it("takes a round trip", async () => {
    const { time, client } = await aNetwork();
    const beforeMs = time.nowMs();
    await client.connect("server", PORT);
    expect(time.nowMs() - beforeMs).toBeGreaterThan(0.3);
    expect(time.nowMs() - beforeMs).toBeLessThan(1.2);
  });

  it.each([
    ["to a port where nobody listens", "server", 1, "ECONNREFUSED"],
    ["to a name that nobody has", "nobody", PORT, "ENOTFOUND"],
  ] as const)("%s is refused at once", async (_what, to, port, code) => {
    const { time, client } = await aNetwork();
    expect(await errorOf(client.connect(to, port))).toMatchObject({ name: "ConnectError", code });
    expect(time.sinceMs()).toBeLessThan(3);
  });

  it("into a cut times out", async () => {
    const { time, client, server } = await aNetwork();
    server.cut("both");
    const beforeMs = time.nowMs();
    expect(await errorOf(client.connect("server", PORT))).toMatchObject({ code: "ETIMEDOUT" });
    expect(time.nowMs() - beforeMs).toBeCloseTo(5 * SECOND, -1);
  });

  it("into a cut succeeds if that heals in time", async () => {
    const { time, client, server } = await aNetwork();
    server.cut("both");
    const connecting = client.connect("server", PORT);
    await time.pass(1.5 * SECOND);
    server.heal();
    await connecting;
    expect(time.sinceMs()).toBeLessThan(2.2 * SECOND);
  });

  it.each(["in", "out"] as const)("needs both directions: nothing gets %s", async (direction) => {
    const { client, server } = await aNetwork();
    server.cut(direction);
    expect(await errorOf(client.connect("server", PORT))).toMatchObject({ code: "ETIMEDOUT" });
  });

  it("finds a machine that has taken the place of another one", async () => {
    const { network, client, server } = await aNetwork();
    expect(() => network.join("server")).toThrow("the network has a server already");
    server.leave();
    expect(await errorOf(client.connect("server", PORT))).toMatchObject({ code: "ENOTFOUND" });
    const successor = network.join("server");
    expect(await errorOf(client.connect("server", PORT))).toMatchObject({ code: "ECONNREFUSED" });
    successor.listen(PORT, () => {});
    expect(await client.connect("server", PORT)).toMatchObject({ peer: "server" });
  });

  it("ends with the process that asked for it", async () => {
    const { time, client, accepted } = await aNetwork();
    void client.connect("server", PORT).then(() => expect.unreachable());
    client.close();
    await time.pass(SECOND);
    expect(accepted).toEqual([]);
  });
});

describe("a connection", () => {
  it("carries messages both ways, in order, each later than it was sent", async () => {
    const { time, ends } = await aConnection();
    const beforeMs = time.nowMs();
    for (const message of [1, 2, 3]) {
      ends.client.socket.send(message);
      ends.server.socket.send(-message);
    }
    expect(ends.server.heard).toEqual([]);
    await time.pass(2);
    expect(ends.server.heard).toEqual([1, 2, 3]);
    expect(ends.client.heard).toEqual([-1, -2, -3]);
    for (const end of [ends.client, ends.server]) {
      expect(end.firstMs() - beforeMs).toBeGreaterThan(0.14);
      expect(end.firstMs() - beforeMs).toBeLessThan(0.7);
    }
  });

  it("within one machine is faster, but not immediate", async () => {
    const { time, network } = await aNetwork();
    const both = network.join("both");
    const heardMs: number[] = [];
    both.listen(PORT, (socket) => socket.onMessage(() => heardMs.push(time.nowMs())));
    const socket = await both.connect("both", PORT);
    const beforeMs = time.nowMs();
    socket.send("hello");
    await time.pass(2);
    expect(heardMs).toHaveLength(1);
    expect(heardMs[0]! - beforeMs).toBeGreaterThan(0.01);
    expect(heardMs[0]! - beforeMs).toBeLessThan(0.12);
  });

  it("that one end closes is closed for the other after what was sent before, and silent for itself", async () => {
    const { time, ends } = await aConnection();
    ends.server.socket.send("never read");
    ends.client.socket.send("last");
    ends.client.socket.destroy();
    ends.client.socket.destroy();
    ends.client.socket.send("too late");
    await time.pass(2);
    expect(ends.server.heard).toEqual(["last", "closed: left"]);
    expect(ends.client.heard).toEqual([]);
  });

  it("within one machine can be closed from either end", async () => {
    const { time, network } = await aNetwork();
    const both = network.join("both");
    const heard: string[] = [];
    both.listen(PORT, (socket) => {
      socket.onClose(() => heard.push("server"));
      socket.destroy();
    });
    const socket = await both.connect("both", PORT);
    socket.onClose(() => heard.push("client"));
    await time.pass(2);
    expect(heard).toEqual(["client"]);
  });

  it("breaks for the peer when the process is killed, and what was on its way to it is lost", async () => {
    const { time, ends, client, server } = await aConnection();
    ends.client.socket.send("sent before it died");
    ends.server.socket.send("lost");
    client.close();
    await time.pass(2);
    expect(ends.server.heard).toEqual(["sent before it died", "closed: left"]);
    expect(ends.client.heard).toEqual([]);
    // The machine stays, and its ports can be taken again.
    client.listen(PORT, () => {});
    await server.connect("client", PORT);
  });

  it("does not outlive a machine that leaves", async () => {
    const { time, ends, server } = await aConnection();
    server.leave();
    await time.pass(2);
    expect(ends.client.heard).toEqual(["closed: left"]);
  });
});

describe("a short cut", () => {
  it("delivers late what was sent meanwhile, both ways, and keeps the connection", async () => {
    const { time, ends, client } = await aConnection();
    client.cut("both");
    ends.client.socket.send("from the client");
    ends.server.socket.send("from the server");
    await time.pass(2 * SECOND);
    expect([...ends.client.heard, ...ends.server.heard]).toEqual([]);
    client.heal();
    const healedMs = time.nowMs();
    await time.pass(2 * SECOND);
    expect(ends.server.heard).toEqual(["from the client"]);
    expect(ends.client.heard).toEqual(["from the server"]);
    // With the first retry after the heal, as seen on Docker (spec 5-quality).
    expect(ends.server.firstMs() - healedMs).toBeGreaterThan(0.9 * SECOND);
    expect(ends.server.firstMs() - healedMs).toBeLessThan(1.4 * SECOND);
    ends.client.socket.send("afterwards");
    await time.pass(10 * 60 * SECOND);
    expect(ends.server.heard).toEqual(["from the client", "afterwards"]);
  });

  it("that is followed by others is not added up", async () => {
    const { time, ends, client } = await aConnection();
    for (let round = 0; round < 6; round += 1) {
      client.cut("both");
      await time.pass(15 * SECOND);
      client.heal();
      await time.pass(SECOND);
    }
    expect([...ends.client.heard, ...ends.server.heard]).toEqual([]);
    ends.client.socket.send("still there");
    await time.pass(2);
    expect(ends.server.heard).toEqual(["still there"]);
  });

  it.each([
    ["in", [], ["from the client"]],
    ["out", ["from the server"], []],
  ] as const)("one way, nothing gets %s", async (direction, atClient, atServer) => {
    const { time, ends, client } = await aConnection();
    client.cut(direction);
    ends.client.socket.send("from the client");
    ends.server.socket.send("from the server");
    await time.pass(2 * SECOND);
    expect(ends.client.heard).toEqual(atClient);
    expect(ends.server.heard).toEqual(atServer);
    client.heal();
    await time.pass(2 * SECOND);
    expect(ends.client.heard).toEqual(["from the server"]);
    expect(ends.server.heard).toEqual(["from the client"]);
  });

  it("that changes its direction lets through what had to wait the other way", async () => {
    const { time, ends, client } = await aConnection();
    client.cut("out");
    ends.client.socket.send("had to wait");
    await time.pass(SECOND);
    client.cut("in");
    ends.server.socket.send("has to wait");
    await time.pass(SECOND);
    expect(ends.server.heard).toEqual(["had to wait"]);
    expect(ends.client.heard).toEqual([]);
  });

  it("of both machines is over when both have healed", async () => {
    const { time, ends, client, server } = await aConnection();
    client.cut("both");
    server.cut("both");
    ends.client.socket.send("held");
    client.heal();
    await time.pass(2 * SECOND);
    expect(ends.server.heard).toEqual([]);
    server.heal();
    await time.pass(3 * SECOND);
    expect(ends.server.heard).toEqual(["held"]);
  });

  it("says nothing of connections to other machines, nor of those within the machine", async () => {
    const { time, network, ends, client } = await aConnection();
    const other = network.join("other");
    other.listen(PORT, (socket) => socket.onMessage((message) => socket.send(message)));
    const heard: unknown[] = [];
    const within = await other.connect("other", PORT);
    other.cut("both");
    within.onMessage((message) => heard.push(message));
    within.onClose(() => heard.push("closed"));
    ends.client.socket.send("to the server");
    await time.pass(10 * 60 * SECOND);
    within.send("to itself");
    await time.pass(2);
    expect(heard).toEqual(["to itself"]);
    expect(ends.server.heard).toEqual(["to the server"]);
    expect(await errorOf(client.connect("other", PORT))).toBeInstanceOf(ConnectError);
  });
});

describe("a long cut", () => {
  it("is noticed by the client after 20 to 30 s, and what was in flight to it is lost", async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { time, ends, client } = await aConnection(seed);
      client.cut("both");
      const cutMs = time.nowMs();
      ends.server.socket.send("lost");
      await time.pass(20 * SECOND - 1);
      expect(ends.client.heard).toEqual([]);
      await time.pass(10 * SECOND + 2);
      expect(ends.client.heard).toEqual(["closed: silent"]);
      expect(ends.client.firstMs() - cutMs).toBeGreaterThan(20 * SECOND);
      expect(ends.client.firstMs() - cutMs).toBeLessThan(30 * SECOND);
      // The server has no idea.
      expect(ends.server.heard).toEqual([]);
    }
  });

  it("that heals after the client has given up tells the server, and loses what the server had sent", async () => {
    const { time, ends, client } = await aConnection();
    client.cut("both");
    ends.client.socket.send("sent before it gave up");
    ends.server.socket.send("lost");
    await time.pass(35 * SECOND);
    client.heal();
    await time.pass(60 * SECOND);
    expect(ends.client.heard).toEqual(["closed: silent"]);
    expect(ends.server.heard).toEqual(["sent before it gave up", "closed: left"]);
  });

  it("that never heals is noticed by the server after 4 to 6 min", async () => {
    const { time, ends, client } = await aConnection();
    client.cut("both");
    await time.pass(4 * 60 * SECOND - 1);
    expect(ends.server.heard).toEqual([]);
    await time.pass(2 * 60 * SECOND + 2);
    expect(ends.server.heard).toEqual(["closed: silent"]);
  });

  it("in one direction is noticed as well: pings need both", async () => {
    const { time, ends, client } = await aConnection();
    client.cut("out");
    await time.pass(30 * SECOND);
    expect(ends.client.heard).toEqual(["closed: silent"]);
  });
});

describe("a machine that is gone while the network is cut", () => {
  it("is known to be gone once the other one's cut has healed", async () => {
    const { time, ends, client, server } = await aConnection();
    client.cut("both");
    server.leave();
    await time.pass(5 * SECOND);
    expect(ends.client.heard).toEqual([]);
    client.heal();
    await time.pass(10 * SECOND);
    expect(ends.client.heard).toEqual(["closed: left"]);
  });

  it("leaves a connection that the other end gives up in its own time", async () => {
    const { time, ends, client } = await aConnection();
    client.cut("both");
    client.leave();
    await time.pass(4 * 60 * SECOND - 1);
    expect(ends.server.heard).toEqual([]);
    await time.pass(2 * 60 * SECOND + 2);
    expect(ends.server.heard).toEqual(["closed: silent"]);
  });
});

describe("a frozen machine", () => {
  it("keeps its connections while it is not away for too long", async () => {
    const { time, ends, server } = await aConnection();
    server.freeze();
    await time.pass(19 * SECOND);
    server.thaw();
    await time.pass(10 * 60 * SECOND);
    expect([...ends.client.heard, ...ends.server.heard]).toEqual([]);
  });

  it("is given up by a client that waits for it, and does not give up itself", async () => {
    const { time, ends, server } = await aConnection();
    server.freeze();
    await time.pass(31 * SECOND);
    expect(ends.client.heard).toEqual(["closed: silent"]);
    // What arrives waits for the thaw where the process is, not here.
    expect(ends.server.heard).toEqual(["closed: left"]);
    await time.pass(10 * 60 * SECOND);
    expect(ends.server.heard).toHaveLength(1);
  });

  it("as a client is given up by the server", async () => {
    const { time, ends, client } = await aConnection();
    client.freeze();
    await time.pass(6 * 60 * SECOND + 1);
    expect(ends.server.heard).toEqual(["closed: silent"]);
    expect(ends.client.heard).toEqual(["closed: left"]);
  });
});

interface EndSeen {
  readonly socket: Socket;
  readonly heard: unknown[];
  /** When it first heard anything. */
  firstMs(): number;
}

async function aNetwork(seed = 1) {
  const time = someTime(seed);
  const network: Network = createNetwork(time, time.streamOf);
  const client = network.join("client");
  const server = network.join("server");
  const accepted: EndSeen[] = [];
  server.listen(PORT, (socket) => accepted.push(listening(time, socket)));
  return { time, network, client, server, accepted };
}

async function aConnection(seed = 1) {
  const at = await aNetwork(seed);
  const socket = await at.client.connect("server", PORT);
  return { ...at, ends: { client: listening(at.time, socket), server: at.accepted[0]! } };
}

function listening(time: SomeTime, socket: Socket): EndSeen {
  const heard: unknown[] = [];
  const heardMs: number[] = [];
  const hear = (what: unknown): void => {
    heard.push(what);
    heardMs.push(time.nowMs());
  };
  socket.onMessage(hear);
  socket.onClose((why) => hear(`closed: ${why}`));
  return { socket, heard, firstMs: () => heardMs[0] ?? Number.NaN };
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    return error;
  }
}
