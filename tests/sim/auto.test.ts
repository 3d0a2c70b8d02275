import { afterEach, describe, expect, it, vi } from "vitest";
import { chooseEngine } from "../../harness/cli/choose-engine.ts";
import type * as discovery from "../../harness/engines/docker/discovery.ts";
import { findEngine } from "../../harness/engines/docker/discovery.ts";
import { EnvironmentError } from "../../harness/errors.ts";
import { scenarios } from "../../scenarios/index.ts";
import { simulate } from "./simulate.ts";

vi.mock("../../harness/engines/docker/discovery.ts", { spy: true });
const { findEngine: find } = await vi.importActual<typeof discovery>(
  "../../harness/engines/docker/discovery.ts",
);

afterEach(() => {
  vi.mocked(findEngine).mockReset();
});

const tell = (text: string) => expect.unreachable(text);

describe("where no engine is set up", () => {
  it("auto simulates, and says where it looked", async () => {
    noEngineIsSetUp();
    const { forRun, why } = await chooseEngine("auto", tell);
    expect(forRun(7)).toMatchObject({ name: "sim", title: "simulation" });
    expect(why).toBe("no Docker engine answers: //./pipe/docker_engine (no such socket)");
  });

  it("the simulation then gives the same run as one that was asked for", async () => {
    const [headline] = scenarios;
    const once = await simulate({ scenario: headline!, seed: 3, profile: "fast" });
    const again = await simulate({ scenario: headline!, seed: 3, profile: "fast" });
    expect(again.timeline).toBe(once.timeline);
  });

  it("docker is an error that names the mend", async () => {
    noEngineIsSetUp();
    const error = await chooseEngine("docker", tell).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error).toMatchObject({
      message: "a Docker engine: none answers: //./pipe/docker_engine (no such socket)",
      mend: expect.stringContaining("--engine sim"),
    });
  });
});

describe("where an engine is configured and does not answer", () => {
  it.each(["auto", "docker"] as const)("%s is an error: nothing is simulated silently", async (wanted) => {
    vi.mocked(findEngine).mockImplementation(() =>
      find({
        env: { DOCKER_HOST: "unix:///nonexistent/docker.sock" },
        home: "/nonexistent",
        readFile: () => undefined,
      }),
    );
    const error = await chooseEngine(wanted, tell).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EnvironmentError);
    expect((error as Error).message).toContain("/nonexistent/docker.sock");
  });
});

it("sim simulates without looking for an engine", async () => {
  const { forRun, why } = await chooseEngine("sim", tell);
  expect(forRun(1).name).toBe("sim");
  expect(why).toBe("asked for");
  expect(findEngine).not.toHaveBeenCalled();
});

/** As on Windows without Docker, whose only usual place is one that cannot be here. */
function noEngineIsSetUp(): void {
  vi.mocked(findEngine).mockImplementation(() =>
    find({ env: {}, home: "/nonexistent", platform: "win32", readFile: () => undefined }),
  );
}
