import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBrokerRecordReader, readReceived } from "./broker-record.ts";

// Lines of nats-server 2.9.10 with `-DV`, from a run of the headline.
const NODE = "6d03e72e-3059-4377-b1ef-f38bce2cecc6";
const SUBJECT = `expanso.node.${NODE}.in`;
const ORCHESTRATOR = 'cid:6 - "v3.4.0:nats.js:expanso-orchestrator"';
const EDGE = 'cid:4 - "v3.4.0:nats.js:expanso-edge edge2"';
const PUB = `[1] 2026/11/21 22:57:43.941951 [TRC] 10.201.4.131:36116 - ${ORCHESTRATOR} - <<- [PUB ${SUBJECT} 247]`;
const PAYLOAD = String.raw`[1] 2026/11/21 22:57:43.942011 [TRC] 10.201.4.131:36116 - ${ORCHESTRATOR} - <<- MSG_PAYLOAD: ["{\"kind\":\"run_execution\",\"execution_id\":\"e-29748dd6-4a2c-4ec0-8155-f70c7d3de955\",\"job_id\":\"j-abaca9e4\",\"job_name\":\"new-test-job\",\"job_version\":1,\"pipeline\":{\"input\":{\"generate\":{\"count\":0,\"interval\":\"5s\",\"mapping\":\"root.message = \\\"NEW JOB\\\"\\n\"}}}}"]`;
const JSON_OF_PAYLOAD = String.raw`{"kind":"run_execution","execution_id":"e-29748dd6-4a2c-4ec0-8155-f70c7d3de955","job_id":"j-abaca9e4","job_name":"new-test-job","job_version":1,"pipeline":{"input":{"generate":{"count":0,"interval":"5s","mapping":"root.message = \"NEW JOB\"\n"}}}}`;
const STATUS = "expanso.orchestrator.status";
const SUB = `[1] 2026/11/21 22:57:42.669342 [TRC] 10.201.4.133:48578 - ${EDGE} - <<- [SUB ${SUBJECT} 1]`;
const REPORT = `[1] 2026/11/21 22:57:43.383950 [TRC] 10.201.4.133:48578 - ${EDGE} - <<- [PUB ${STATUS} 56]`;
const REPORTED = String.raw`[1] 2026/11/21 22:57:43.383951 [TRC] 10.201.4.133:48578 - ${EDGE} - <<- MSG_PAYLOAD: ["{\"node_id\":\"n\",\"execution_id\":\"e-1\",\"state\":\"completed\"}"]`;
const MSG = `[1] 2026/11/21 22:57:43.382950 [TRC] 10.201.4.133:48578 - ${EDGE} - ->> [MSG ${SUBJECT} 1 432]`;
const CONNECT =
  '[1] 2026/11/21 22:57:42.378871 [TRC] 10.201.4.133:48578 - cid:4 - <<- [CONNECT {"no_responders":true,"protocol":1,"verbose":false,"pedantic":false,"name":"expanso-edge edge2","lang":"nats.js","version":"3.4.0","headers":true}]';
const CLOSED = `[1] 2026/11/21 22:57:43.682047 [DBG] 10.201.4.133:48578 - ${EDGE} - Client connection closed: Client Closed`;

describe("a message to a node", () => {
  it("is read from its PUB and the payload that follows: when, where to, what for, and to the last byte", () => {
    const read = aReader();
    expect(read(PUB)).toEqual([]);
    expect(read(PAYLOAD)).toEqual([
      {
        pattern: expect.objectContaining({ name: "broker-pub" }),
        machine: "nats",
        timeMs: Date.UTC(2026, 10, 21, 22, 57, 43, 941),
        text: PUB,
        fields: {
          cid: "6",
          subject: SUBJECT,
          node_id: NODE,
          execution_id: "e-29748dd6-4a2c-4ec0-8155-f70c7d3de955",
          command: "run_execution",
          payload: JSON_OF_PAYLOAD,
        },
      },
    ]);
  });

  it("belongs to the payload of its own connection, though another one's lines come between", () => {
    const of = (line: string, cid: number, execution = "e-29748dd6") =>
      line.replace("cid:6", `cid:${cid}`).replace("e-29748dd6", execution);
    const lines = [of(PUB, 6), of(PUB, 9), of(PAYLOAD, 9, "e-nine0000"), of(PAYLOAD, 6, "e-six00000")];
    expect(readAll(lines).map(({ fields }) => [fields["cid"], fields["execution_id"]])).toEqual([
      ["9", expect.stringMatching(/^e-nine/)],
      ["6", expect.stringMatching(/^e-six/)],
    ]);
  });

  it("is told once, with the first payload after it", () => {
    expect(readAll([PUB, PAYLOAD, PAYLOAD])).toHaveLength(1);
  });

  it("may have a reply subject", () => {
    const asked = PUB.replace(`${SUBJECT} 247`, `${SUBJECT} _INBOX.rHYd.aKyu 247`);
    expect(readAll([asked, PAYLOAD]).map(({ fields }) => fields["subject"])).toEqual([SUBJECT]);
  });

  it.each(["ping", "7", "null", '[{\\"execution_id\\":\\"e-1\\"}]', '{\\"execution_id\\":7}'])(
    "may be about no execution: %s",
    (text) => {
      const payload = text.replaceAll("\\", "");
      const pub = PUB.replace(" 247]", ` ${payload.length}]`);
      const [told] = readAll([pub, PAYLOAD.replace(/\["\{.*$/, () => `["${text}"]`)]);
      expect(told?.fields).toEqual({ cid: "6", subject: SUBJECT, node_id: NODE, payload });
    },
  );

  it("tells nothing of a payload that was not printed to its end", () => {
    const [told] = readAll([PUB, PAYLOAD.replace(/job_name.*$/, '..."]')]);
    expect(told?.fields).toEqual({ cid: "6", subject: SUBJECT, node_id: NODE });
  });

  it("is delivered by a MSG, to a client that is named", () => {
    expect(readAll([MSG])).toMatchObject([
      {
        pattern: { name: "broker-msg" },
        timeMs: Date.UTC(2026, 10, 21, 22, 57, 43, 382),
        text: MSG,
        fields: { cid: "4", subject: SUBJECT, node_id: NODE, client: "expanso-edge edge2" },
      },
    ]);
  });
});

describe("an edge's report", () => {
  it("is read from its PUB and the payload that follows: of which execution, and what", () => {
    expect(readAll([REPORT, REPORTED])).toMatchObject([
      {
        pattern: { name: "broker-pub" },
        text: REPORT,
        fields: { cid: "4", subject: STATUS, execution_id: "e-1", state: "completed" },
      },
    ]);
  });

  it("is delivered by a MSG", () => {
    expect(readAll([MSG.replace(SUBJECT, STATUS)])).toMatchObject([
      { pattern: { name: "broker-msg" }, fields: { cid: "4", subject: STATUS } },
    ]);
  });
});

it("a node is listened for from a SUB on, with a queue or without", () => {
  const told = {
    pattern: { name: "broker-sub" },
    fields: { cid: "4", subject: SUBJECT, node_id: NODE, client: "expanso-edge edge2" },
  };
  expect(readAll([SUB, SUB.replace(" 1]", " some-queue 1]")])).toMatchObject([told, told]);
});

describe("a connection", () => {
  it("is opened by a CONNECT, which names the client", () => {
    expect(readAll([CONNECT])).toMatchObject([
      { pattern: { name: "broker-connection-opened" }, fields: { cid: "4", client: "expanso-edge edge2" } },
    ]);
  });

  it.each(["Client Closed", "Stale Connection", "Read Error"])("is closed: %s", (why) => {
    expect(readAll([CLOSED.replace("Client Closed", why)])).toMatchObject([
      {
        pattern: { name: "broker-connection-closed" },
        fields: { cid: "4", client: "expanso-edge edge2", why },
      },
    ]);
  });
});

describe("everything else is ignored", () => {
  it.each([
    ["heartbeats", PUB.replace(SUBJECT, "expanso.orchestrator.heartbeat _INBOX.a.b")],
    ["answers", PUB.replace(SUBJECT, "_INBOX.rHYditLUbINWZ2g2JDZc15.aKyuoky1")],
    [
      "what goes to something that only looks like a node",
      PUB.replace(SUBJECT, `expanso.node.${NODE}.in.more`),
    ],
    ["what comes from a node", PUB.replace(SUBJECT, `expanso.node.${NODE}.out`)],
  ])("%s, with their payloads", (_what, pub) => {
    expect(readAll([pub, PAYLOAD])).toEqual([]);
  });

  it("deliveries on other subjects", () => {
    expect(readAll([MSG.replace(SUBJECT, "expanso.orchestrator.heartbeat")])).toEqual([]);
  });

  it.each([
    "[1] 2026/11/21 22:57:42.142349 [INF] Starting nats-server",
    "[1] 2026/11/21 22:57:42.368592 [DBG] 10.201.4.133:48578 - cid:4 - Client connection created",
    SUB.replace(SUBJECT, "_INBOX.rHYditLUbINWZ2g2JDZc15.*"),
    `[1] 2026/11/21 22:57:43.672674 [TRC] 10.201.4.132:41506 - ${EDGE} - <-> [DELSUB 1]`,
    `[1] 2026/11/21 22:57:44.905667 [TRC] 10.201.4.131:36116 - ${ORCHESTRATOR} - ->> [PING]`,
    "",
  ])("%s", (line) => {
    expect(readAll([line])).toEqual([]);
  });

  it("a payload without its PUB", () => {
    expect(readAll([PAYLOAD])).toEqual([]);
  });
});

it("takes the time of arrival where a line's own makes no sense", () => {
  expect(readAll([MSG.replace("2026/11/21 22:57", "2026/99/99 99:99")])).toMatchObject([{ timeMs: 1_234 }]);
});

it("never throws, and never makes up a time, whatever the lines", () => {
  const known = fc.constantFrom(PUB, PAYLOAD, MSG, CONNECT, CLOSED, SUB, REPORT, REPORTED);
  const damaged = fc
    .tuple(known, fc.nat(), fc.nat(8), fc.string({ maxLength: 8 }))
    .map(([line, at, length, text]) => {
      const start = at % line.length;
      return line.slice(0, start) + text + line.slice(start + length);
    });
  fc.assert(
    fc.property(fc.array(fc.oneof(known, damaged, fc.string())), (lines) => {
      for (const reading of readAll(lines)) expect(reading.timeMs).toSatisfy(Number.isFinite);
    }),
  );
});

describe("what the server has received, of whatever kind", () => {
  const HEARTBEAT = PUB.replace(SUBJECT, "expanso.orchestrator.heartbeat _INBOX.a.b");

  it.each([
    [PUB, "6", Date.UTC(2026, 10, 21, 22, 57, 43, 941)],
    [HEARTBEAT, "6", Date.UTC(2026, 10, 21, 22, 57, 43, 941)],
    [SUB, "4", Date.UTC(2026, 10, 21, 22, 57, 42, 669)],
    [CONNECT, "4", Date.UTC(2026, 10, 21, 22, 57, 42, 378)],
  ])("is told with its connection and time: %s", (text, id, timeMs) => {
    expect(readReceived({ text, atMs: 1 })).toEqual({ id, timeMs });
  });

  it.each([MSG, CLOSED, "", "- <<- [PUB x 1]"])("is nothing of what it has sent or noticed: %s", (text) => {
    expect(readReceived({ text, atMs: 1 })).toBeUndefined();
  });
});

function aReader(): (text: string) => ReturnType<ReturnType<typeof createBrokerRecordReader>> {
  const read = createBrokerRecordReader();
  return (text) => read({ machine: "nats", text, atMs: 1_234 });
}

function readAll(lines: readonly string[]) {
  const read = aReader();
  return lines.flatMap((line) => read(line));
}
