import { describe, expect, it } from "vitest";
import type { SystemControl } from "../systems/system.ts";
import type { ClusterSeen, JobSeen } from "../vocabulary.ts";
import type { Deed } from "../walkthrough/deed.ts";
import { createUiSteps } from "./ui-steps.ts";

const FILE = { name: "pipelines/test-job.yaml", text: "name: test-heartbeat\n" };
const DEPLOY: Deed = { do: "deploy", file: "test-job.yaml", force: false };
const STOP: Deed = { do: "stop-job", job: "test-heartbeat" };

describe("what a person does in the UI", () => {
  it("is gone on with, and not done again", async () => {
    const { steps, control, done } = aCloud([aJob({ version: 1 })]);
    expect(await steps.done(DEPLOY)).toBeUndefined();
    const deployed = await control.deploy(FILE, { force: false });
    expect({ deployed, done }).toEqual({
      deployed: { jobId: "j1", jobName: "test-heartbeat", version: 1 },
      done: [],
    });
  });

  it("has to be done: no such job, the version of before, not stopped", async () => {
    const { steps, control, jobs } = aCloud([]);
    expect(await steps.done(DEPLOY)).toBe(
      "There is no job test-heartbeat yet: call it so, the rest of the run looks for it.",
    );
    jobs.push(aJob({ version: 1 }));
    await steps.done(DEPLOY);
    await control.deploy(FILE, { force: false });
    expect(await steps.done(DEPLOY)).toBe("test-heartbeat is still of version 1: deploy it once more.");
    expect(await steps.done(STOP)).toBe("test-heartbeat is `running` yet.");
  });

  it("may be left to the CLI", async () => {
    const { control, done } = aCloud([]);
    await control.deploy(FILE, { force: true });
    await control.stopJob("j1");
    expect(done).toEqual(["deploy", "stop"]);
  });

  it("may be a stop", async () => {
    const { steps, control, done } = aCloud([aJob({ state: "stopped" })]);
    expect(await steps.done(STOP)).toBeUndefined();
    await control.stopJob("j1");
    expect(done).toEqual([]);
  });
});

function aJob(at: Partial<JobSeen>): JobSeen {
  return { id: "j1", name: "test-heartbeat", version: 1, state: "running", message: "", ...at };
}

function aCloud(jobs: JobSeen[]) {
  const done: string[] = [];
  const seen: ClusterSeen = { nodes: [], jobs, executions: [] };
  const steps = createUiSteps(() => Promise.resolve(seen), new Map([["test-job.yaml", FILE]]));
  const control = steps.instead({
    deploy: () => {
      done.push("deploy");
      return Promise.resolve({ jobId: "j1", jobName: "test-heartbeat", version: 2 });
    },
    stopJob: () => {
      done.push("stop");
      return Promise.resolve();
    },
  } as unknown as SystemControl);
  return { steps, control, jobs, done };
}
