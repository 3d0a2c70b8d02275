import { describe, expect, it } from "vitest";
import type { ClientMessage, ServerMessage } from "../network/nats-protocol.ts";
import type { CloseReason } from "../network/network.ts";
import { createNatsServer } from "./nats-server.ts";

describe("a published message", () => {
  it("goes to everybody who subscribes to its subject, the publisher included, and to nobody else", () => {
    const [publisher, listener, other] = clientsOf(aServer(), 3);
    publisher.says({ op: "sub", sid: 1, subject: "orders.new" });
    listener.says({ op: "sub", sid: 7, subject: "orders.new" });
    other.says({ op: "sub", sid: 1, subject: "orders.old" });
    publisher.says({ op: "pub", subject: "orders.new", payload: "42" });
    expect(publisher.hears()).toEqual([{ op: "msg", sid: 1, subject: "orders.new", payload: "42" }]);
    expect(listener.hears()).toEqual([{ op: "msg", sid: 7, subject: "orders.new", payload: "42" }]);
    expect(other.hears()).toEqual([]);
  });

  it("goes to each subscription once, by wildcards too", () => {
    const [publisher, listener] = clientsOf(aServer(), 2);
    for (const [index, subject] of ["orders.*", "orders.>", ">", "*", "orders.new.*"].entries()) {
      listener.says({ op: "sub", sid: index + 1, subject });
    }
    publisher.says({ op: "pub", subject: "orders.new", payload: "42" });
    expect(listener.hears().map(({ op, ...rest }) => [op, "sid" in rest && rest.sid])).toEqual([
      ["msg", 1],
      ["msg", 2],
      ["msg", 3],
    ]);
  });

  it("is kept for nobody", () => {
    const [publisher, listener] = clientsOf(aServer(), 2);
    publisher.says({ op: "pub", subject: "orders.new", payload: "42" });
    listener.says({ op: "sub", sid: 1, subject: "orders.new" });
    expect(listener.hears()).toEqual([]);
  });

  it.each<[string, (client: SomeClient) => void]>([
    ["has unsubscribed", (client) => client.says({ op: "unsub", sid: 1 })],
    ["is gone", (client) => client.leaves("left")],
    ["was given up", (client) => client.leaves("silent")],
  ])("does not go to one who %s", (_what, end) => {
    const [publisher, listener] = clientsOf(aServer(), 2);
    listener.says({ op: "sub", sid: 1, subject: "orders.new" });
    end(listener);
    publisher.says({ op: "pub", subject: "orders.new", payload: "42" });
    expect(listener.hears()).toEqual([]);
  });

  it("goes to one member of each queue group, and to every plain subscriber", () => {
    const [publisher, ...workers] = clientsOf(aServer(), 6);
    for (const [index, queue] of ["a", "a", "b", "b", undefined].entries()) {
      workers[index]!.says({ op: "sub", sid: 1, subject: "orders.new", queue });
    }
    publisher.says({ op: "pub", subject: "orders.new", payload: "42" });
    expect(workers.map((worker) => worker.hears().length)).toEqual([1, 0, 1, 0, 1]);
    workers[0].leaves("left");
    publisher.says({ op: "pub", subject: "orders.new", payload: "43" });
    expect(workers.map((worker) => worker.hears().length)).toEqual([1, 1, 2, 0, 2]);
  });

  it("takes queue groups of the same name on different subjects for different groups", () => {
    const [publisher, one, other] = clientsOf(aServer(), 3);
    one.says({ op: "sub", sid: 1, subject: "orders.*", queue: "a" });
    other.says({ op: "sub", sid: 1, subject: "orders.>", queue: "a" });
    publisher.says({ op: "pub", subject: "orders.new", payload: "42" });
    expect([one.hears().length, other.hears().length]).toEqual([1, 1]);
  });
});

describe("a request", () => {
  it("carries the subject that the answer goes to", () => {
    const [asker, server] = clientsOf(aServer(), 2);
    asker.says({ op: "sub", sid: 1, subject: "_INBOX.abc.*" });
    server.says({ op: "sub", sid: 1, subject: "time" });
    asker.says({ op: "pub", subject: "time", reply: "_INBOX.abc.1", payload: "" });
    expect(server.hears()).toEqual([
      { op: "msg", sid: 1, subject: "time", reply: "_INBOX.abc.1", payload: "" },
    ]);
    server.says({ op: "pub", subject: "_INBOX.abc.1", payload: "noon" });
    expect(asker.hears()).toEqual([{ op: "msg", sid: 1, subject: "_INBOX.abc.1", payload: "noon" }]);
  });

  it("that nobody serves fails at once, and only for the one who asked", () => {
    const [asker, bystander] = clientsOf(aServer(), 2);
    asker.says({ op: "sub", sid: 5, subject: "_INBOX.abc.*" });
    bystander.says({ op: "sub", sid: 5, subject: "_INBOX.abd.*" });
    asker.says({ op: "pub", subject: "time", reply: "_INBOX.abc.1", payload: "" });
    expect(asker.hears()).toEqual([{ op: "no-responders", sid: 5, subject: "_INBOX.abc.1" }]);
    expect(bystander.hears()).toEqual([]);
  });

  it("that a queue group serves does not fail", () => {
    const [asker, server] = clientsOf(aServer(), 2);
    asker.says({ op: "sub", sid: 1, subject: "_INBOX.abc.*" });
    server.says({ op: "sub", sid: 1, subject: "time", queue: "clocks" });
    asker.says({ op: "pub", subject: "time", reply: "_INBOX.abc.1", payload: "" });
    expect(asker.hears()).toEqual([]);
  });
});

describe("the server's record", () => {
  it("is what nats-server prints with -DV, line for line", () => {
    const server = aServer();
    const [publisher, listener] = clientsOf(server, 2);
    publisher.says({ op: "connect", name: "orchestrator" });
    listener.says({ op: "connect", name: "edge1" });
    listener.says({ op: "sub", sid: 1, subject: "node.1.in" });
    publisher.says({ op: "pub", subject: "node.1.in", reply: "r.1", payload: '{"ü":1}' });
    listener.says({ op: "unsub", sid: 1 });
    publisher.says({ op: "pub", subject: "node.1.in", payload: "lost" });
    listener.leaves("left");
    publisher.leaves("silent");
    const own = 'client1:30004 - cid:4 - "v3.4.0:nats.js:orchestrator" -';
    const theirs = 'client2:30005 - cid:5 - "v3.4.0:nats.js:edge1" -';
    expect(server.lines).toEqual([
      "[DBG] client1:30004 - cid:4 - Client connection created",
      "[DBG] client2:30005 - cid:5 - Client connection created",
      expect.stringMatching(
        /^\[TRC\] client1:30004 - cid:4 - <<- \[CONNECT \{.*"name":"orchestrator".*\}\]$/,
      ),
      expect.stringMatching(/^\[TRC\] client2:30005 - cid:5 - <<- \[CONNECT \{.*"name":"edge1".*\}\]$/),
      `[TRC] ${theirs} <<- [SUB node.1.in 1]`,
      // The size is in bytes, not in characters.
      `[TRC] ${own} <<- [PUB node.1.in r.1 8]`,
      `[TRC] ${own} <<- MSG_PAYLOAD: ["{\\"ü\\":1}"]`,
      `[TRC] ${theirs} ->> [MSG node.1.in 1 r.1 8]`,
      `[TRC] ${theirs} <<- [UNSUB 1]`,
      `[TRC] ${own} <<- [PUB node.1.in 4]`,
      `[TRC] ${own} <<- MSG_PAYLOAD: ["lost"]`,
      `[DBG] ${theirs} Client connection closed: Client Closed`,
      `[DBG] ${own} Client connection closed: Stale Connection`,
    ]);
  });

  it("tells a client that comes back by a new id", () => {
    const server = aServer();
    const [first] = clientsOf(server, 1);
    first.leaves("left");
    clientsOf(server, 1);
    expect(server.lines.filter((line) => line.includes("created"))).toEqual([
      "[DBG] client1:30004 - cid:4 - Client connection created",
      "[DBG] client1:30005 - cid:5 - Client connection created",
    ]);
  });
});

it("answers a ping", () => {
  const [client] = clientsOf(aServer(), 1);
  client.says({ op: "ping" });
  expect(client.hears()).toEqual([{ op: "pong" }]);
});

interface SomeClient {
  says(message: ClientMessage): void;
  /** All that it has been sent, without undefined fields. */
  hears(): ServerMessage[];
  leaves(why: CloseReason): void;
}

function aServer() {
  const lines: string[] = [];
  const server = createNatsServer({
    print: (line) => lines.push(line.replace("[1] now ", "")),
    printTime: () => "now",
  });
  return { ...server, lines };
}

function clientsOf(
  server: ReturnType<typeof aServer>,
  count: number,
): [SomeClient, SomeClient, SomeClient, ...SomeClient[]] {
  const clients = Array.from({ length: count }, (_, index): SomeClient => {
    const heard: ServerMessage[] = [];
    let receive: ((message: unknown) => void) | undefined;
    let close: ((why: CloseReason) => void) | undefined;
    server.accept({
      peer: `client${index + 1}`,
      send: (message) => heard.push(message as ServerMessage),
      onMessage: (listener) => {
        receive = listener;
      },
      onClose: (listener) => {
        close = listener;
      },
      destroy: () => {},
    });
    return {
      says: (message) => receive?.(message),
      hears: () => JSON.parse(JSON.stringify(heard)) as ServerMessage[],
      leaves: (why) => close?.(why),
    };
  });
  return clients as [SomeClient, SomeClient, SomeClient, ...SomeClient[]];
}
