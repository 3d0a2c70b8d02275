import type Docker from "dockerode";
import { expect, it } from "vitest";
import { EnvironmentError } from "../../../errors.ts";
import { prepareImages } from "./prepare.ts";

const REASON = new Error("interrupted");

it.each([
  ["what a Ctrl-C has ended as well is told as the interruption, though it is heard of before", true, REASON],
  ["what ends without one is told as what it is", false, EnvironmentError],
])("%s", async (_what, isInterrupted, told) => {
  const controller = new AbortController();
  const listImages = async () => {
    // Heard of right after.
    if (isInterrupted) setImmediate(() => controller.abort(REASON));
    throw new Error("its process was ended");
  };
  const ports = {
    docker: { listImages } as unknown as Docker,
    owner: "",
    architecture: "x86_64",
    env: {},
    repository: import.meta.dirname,
    nowMs: () => 0,
  };
  const failure: unknown = await prepareImages(ports, [], () => {}, controller.signal).catch(
    (error: unknown) => error,
  );
  if (told === REASON) expect(failure).toBe(REASON);
  else expect(failure).toBeInstanceOf(told);
});
