import { describe, expect, it } from "vitest";
import { aUuid } from "../test-kit/counting-random.ts";
import {
  decode,
  edgeCommand,
  handshakeRequest,
  handshakeResponse,
  inventory,
  LONGEST_MESSAGE,
  statusReport,
} from "./messages.ts";

const REPORT = { node_id: aUuid(1), execution_id: `e-${aUuid(2)}`, state: "running", message: "" };

describe("a payload", () => {
  it("that fits is read", () => {
    expect(decode(statusReport, JSON.stringify(REPORT))).toEqual({ ok: true, value: REPORT });
  });

  it("may say more than is known: a newer sender's fields are left out", () => {
    expect(decode(statusReport, JSON.stringify({ ...REPORT, since: 1 }))).toEqual({
      ok: true,
      value: REPORT,
    });
  });

  it("that is no JSON is told as such", () => {
    expect(decode(statusReport, "{")).toEqual({ ok: false, problem: "not JSON" });
  });

  it.each([null, 7, "text", [], [REPORT]])("%j is told to be no message", (value) => {
    const decoded = decode(statusReport, JSON.stringify(value));
    expect(decoded).toEqual({ ok: false, problem: expect.stringMatching(/^message: /) as string });
  });

  it("names every place that does not fit", () => {
    const decoded = decode(statusReport, JSON.stringify({ ...REPORT, node_id: 7, state: "asleep" }));
    expect(decoded.ok ? "" : decoded.problem.split("; ").map((part) => part.split(":")[0])).toEqual([
      "node_id",
      "state",
    ]);
  });

  it.each(["", "..", "a/b", "a b", "e".repeat(101), "ü"])(
    "%j is no execution's id: it could not be a file's name",
    (execution_id) => {
      expect(decode(statusReport, JSON.stringify({ ...REPORT, execution_id }))).toEqual({
        ok: false,
        problem: "execution_id: not the id of an execution",
      });
      const stop = { kind: "stop_execution", execution_id, reason: "" };
      expect(decode(edgeCommand, JSON.stringify(stop)).ok).toBe(false);
      const run = {
        ...stop,
        kind: "run_execution",
        job_id: "j",
        job_name: "n",
        job_version: 1,
        pipeline: {},
      };
      expect(decode(edgeCommand, JSON.stringify(run)).ok).toBe(false);
    },
  );

  it.each([
    [{ accepted: true, heartbeat_ms: 1_000 }, true],
    [{ accepted: false, reason: "no" }, true],
    [{ accepted: true }, false],
    [{ accepted: true, heartbeat_ms: 0.5 }, false],
    [{ accepted: false }, false],
    [{ accepted: "yes", heartbeat_ms: 1_000 }, false],
  ])("%j is an answer to a handshake: %s", (answer, fits) => {
    expect(decode(handshakeResponse, JSON.stringify(answer)).ok).toBe(fits);
  });
});

describe("what somebody sends who means harm", () => {
  const RUN = { kind: "run_execution", execution_id: "e-1", job_id: "j", job_name: "n", job_version: 1 };

  it("is told in a few words, however much of it is wrong: the answer has to be a message itself", () => {
    const labels = Object.fromEntries(
      Array.from({ length: 30_000 }, (_, at) => [`${"k".repeat(300)}${at}`, at]),
    );
    const decoded = decode(handshakeRequest, JSON.stringify({ ...REPORT, labels }));
    const problem = decoded.ok ? "" : decoded.problem;
    expect(problem).toMatch(/^name: .*; and \d+ more$/);
    expect(problem.length).toBeLessThan(LONGEST_MESSAGE - 100);
  });

  it("is refused where it is nested so deep that writing it down would end the process", () => {
    const deep = "[".repeat(30_000) + "]".repeat(30_000);
    expect(
      decode(
        edgeCommand,
        JSON.stringify({ ...RUN, pipeline: 0 }).replace('"pipeline":0', `"pipeline":${deep}`),
      ),
    ).toEqual({ ok: false, problem: "message: nested deeper than 100 levels" });
    expect(decode(edgeCommand, JSON.stringify({ ...RUN, pipeline: [[[]]] })).ok).toBe(true);
  });

  it("is refused where the same execution is in two states", () => {
    const told = { execution_id: "e-1", state: "completed", message: "" };
    const decoded = decode(
      inventory,
      JSON.stringify({ node_id: aUuid(1), executions: [told, { ...told, state: "failed" }] }),
    );
    expect(decoded).toEqual({ ok: false, problem: "executions: one is there twice" });
  });

  it("is refused where it would be too large to be sent on", () => {
    const stop = { kind: "stop_execution", execution_id: "e-1", reason: "r".repeat(LONGEST_MESSAGE) };
    expect(decode(edgeCommand, JSON.stringify(stop)).ok).toBe(true);
    expect(decode(edgeCommand, JSON.stringify({ ...stop, reason: `${stop.reason}r` })).ok).toBe(false);
  });
});
