import { describe, expect, it } from "vitest";
import { ElsewhereError } from "../../errors.ts";
import { aTiming } from "../../test-kit/a-cell.ts";
import type { ExecResult, Stack } from "../../engines/engine.ts";
import { aClock } from "../../test-kit/a-clock.ts";
import { PATTERNS } from "../expanso/patterns.ts";
import { cloudSystem } from "./cloud.ts";
import { createCloudLineReader, turnedAway } from "./edge-lines.ts";
import { noRoom } from "./visit.ts";

const SETTINGS = {
  endpoint: "http://10.0.0.1:9010",
  apiKey: "expanso_key",
  bootstrapUrl: "http://10.0.0.1:9010",
  bootstrapToken: "ebt1.token",
  edgeImage: "an-edge:1",
};
const NO_STACK = {} as Stack;
const JOB = { name: "pipelines/test-job.yaml", text: "name: test-heartbeat\n" };

describe("the machines of a cloud run", () => {
  it("are edges without a disk, which know token and address", () => {
    const shape = { edges: 2, timing: aTiming("fast").profile.timing, fix: "none" };
    expect(cloudSystem(SETTINGS).machines(shape)).toEqual(
      ["edge1", "edge2"].map((name) => ({
        name,
        image: "edge",
        args: [],
        env: {
          EXPANSO_EDGE_BOOTSTRAP_TOKEN: "ebt1.token",
          EXPANSO_EDGE_BOOTSTRAP_URL: "http://10.0.0.1:9010",
        },
      })),
    );
  });

  it("print nothing secret into a report", () => {
    const { conceal } = cloudSystem(SETTINGS);
    expect(conceal?.("token=ebt1.token key=expanso_key", "edge1")).toBe("token=… key=…");
  });
});

describe("what an edge says", () => {
  it("of its handshake is the handshake, under the name of its machine", () => {
    const text =
      "2026-01-01T00:00:00.000Z INFO  EDGE: Handshake accepted node_id=n1 node_name=its-own heartbeat_ms=1000";
    const readings = createCloudLineReader()({ machine: "edge1", text, atMs: 1 });
    expect(readings).toMatchObject([
      { pattern: PATTERNS.handshake, machine: "edge1", fields: { node_id: "n1", node_name: "edge1" } },
    ]);
  });

  it("when it is turned away is one line under its own name", () => {
    expect(turnedAway({ text: "expanso-edge: http://h: the bootstrap token expired" })).toBe(
      "http://h: the bootstrap token expired",
    );
    expect(turnedAway({ text: "2026-01-01T00:00:00.000Z INFO  EDGE: Started" })).toBeUndefined();
  });
});

describe("room for a run", () => {
  const node = { id: "n1", name: "edge1", connection: "disconnected", ready: false };
  const job = { id: "j1", name: "other", version: 1, state: "running", message: "" };

  it("is where nobody else is connected, and no job has the name of one of its own", () => {
    expect(noRoom({ nodes: [node], jobs: [job] }, [JOB])).toBeUndefined();
  });

  it("is not beside a node on which the jobs would run as well", () => {
    const nodes = [node, { ...node, id: "n2", name: "production", connection: "connected" }];
    expect(noRoom({ nodes, jobs: [] }, [JOB])?.seen).toBe(
      "production is connected there: the jobs of a scenario would run there, too",
    );
  });

  it("is not where a job of that name is somebody's", () => {
    expect(noRoom({ nodes: [], jobs: [{ ...job, name: "test-heartbeat" }] }, [JOB])?.seen).toBe(
      "it has a job called test-heartbeat already, which is not this run's",
    );
  });
});

describe("a visit", () => {
  it("sees what came with it, and takes that away, nodes before jobs", async () => {
    const cloud = aCloud();
    cloud.nodes = [aNode("old", "edge1", "disconnected")];
    cloud.jobs = [aJob("j0", "other")];
    const control = cloudSystem(SETTINGS, cloud.cli).connect(NO_STACK);
    await control.begin?.([JOB]);
    cloud.nodes.push(aNode("new", "edge1", "connected"));
    cloud.jobs.push(aJob("j1", "test-heartbeat"));
    const { nodes, jobs } = await control.look();
    expect({ nodes: nodes.map(({ id }) => id), jobs: jobs.map(({ id }) => id) }).toEqual({
      nodes: ["new"],
      jobs: ["j1"],
    });
    await control.leave?.(aClock());
    expect(cloud.told).toEqual([
      "job stop j1",
      "node delete new --yes --force --reason its run is over",
      "job delete j1 --yes",
    ]);
  });

  it("waits for a job that is not at its end yet, and looks again", async () => {
    const { cloud, leaves } = await aVisit();
    cloud.refuses = (words) =>
      words === "job delete j1 --yes" && count(cloud.told, words) < 4 ? "it has live executions" : undefined;
    await leaves();
    expect(count(cloud.told, "job delete j1 --yes")).toBe(4);
  });

  it.each([
    ["that is never at its end, for so long", "it has live executions", 31],
    ["that is refused for another reason, not at all", "no such job", 1],
  ])("waits for a job %s, and tells what is left", async (_what, why, times) => {
    const { cloud, leaves } = await aVisit();
    cloud.refuses = (words) => (words === "job delete j1 --yes" ? why : undefined);
    await expect(leaves()).rejects.toThrow(
      `leave http://10.0.0.1:9010 as it was: left behind: job test-heartbeat (${why})`,
    );
    expect(count(cloud.told, "job delete j1 --yes")).toBe(times);
  });

  it("to one that does not answer ends before it begins, in the words of the CLI", async () => {
    const refuses = () => Promise.resolve({ exitCode: 3, stdout: "", stderr: "expanso-cli: refused" });
    const control = cloudSystem(SETTINGS, refuses).connect(NO_STACK);
    const beginning = control.begin?.([JOB]);
    await expect(beginning).rejects.toBeInstanceOf(ElsewhereError);
    await expect(beginning).rejects.toThrow(
      "ask the orchestrator at http://10.0.0.1:9010: expanso-cli: refused",
    );
  });
});

/** One in which a job was deployed. */
async function aVisit() {
  const cloud = aCloud();
  const clock = aClock();
  const control = cloudSystem(SETTINGS, cloud.cli).connect(NO_STACK);
  await control.begin?.([JOB]);
  cloud.jobs.push(aJob("j1", "test-heartbeat"));
  return { cloud, leaves: async () => await clock.drive(control.leave!(clock)) };
}

function count(told: readonly string[], words: string): number {
  return told.filter((one) => one === words).length;
}

interface Told {
  nodes: object[];
  jobs: object[];
  /** Why, if it is. */
  refuses: (words: string) => string | undefined;
  readonly told: string[];
  readonly cli: (words: readonly string[]) => Promise<ExecResult>;
}

function aCloud(): Told {
  const cloud: Told = {
    nodes: [],
    jobs: [],
    refuses: () => undefined,
    told: [],
    cli: (words) => {
      const lists: Readonly<Record<string, readonly object[]>> = { node: cloud.nodes, job: cloud.jobs };
      const [kind = "", verb] = words;
      if (verb !== "list") cloud.told.push(words.join(" "));
      const stdout = verb === "list" ? JSON.stringify(lists[kind] ?? []) : "";
      const stderr = cloud.refuses(words.join(" ")) ?? "";
      return Promise.resolve({ exitCode: stderr === "" ? 0 : 1, stdout, stderr });
    },
  };
  return cloud;
}

function aNode(id: string, name: string, connection: string) {
  return { id, spec: { name }, status: { connection_state: connection } };
}

function aJob(id: string, name: string) {
  return { id, spec: { name }, status: { state: { state_type: "running" }, version: 1 } };
}
