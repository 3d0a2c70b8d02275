import { expect, it } from "vitest";
import { engineError, engineMessage, statusOf, wanting } from "./api-errors.ts";

const refusal = Object.assign(new Error("(HTTP code 500) server error - no space left on device "), {
  statusCode: 500,
  json: { message: "no space left on device" },
});

it("says what was wanted, what the engine said and what to do, and keeps the cause", async () => {
  const failing = wanting("create edge1", Promise.reject(refusal));
  await expect(failing).rejects.toMatchObject({
    message: "create edge1: no space left on device",
    mend: "make room: docker system df, then docker system prune",
    cause: refusal,
  });
});

it("does not wrap what is wrapped already", () => {
  const inner = engineError("start edge1", refusal);
  expect(engineError("open the stack", inner)).toBe(inner);
  expect(statusOf(inner)).toBe(500);
});

it("finds the words in an error without a body too", () => {
  expect(engineMessage(new Error("(HTTP code 409) unexpected - it is paused "))).toBe("it is paused");
  expect(engineMessage(new Error("connect ECONNREFUSED /var/run/docker.sock"))).toBe(
    "connect ECONNREFUSED /var/run/docker.sock",
  );
});

it.each([
  ["nobody listens any more", { code: "ECONNREFUSED", syscall: "connect" }],
  ["its socket is gone", { code: "ENOENT", syscall: "connect" }],
  ["it hung up", { code: "ECONNRESET" }],
])("says that the engine is gone when %s, and what then", (what, cause) => {
  const error = engineError("create edge1", Object.assign(new Error(what), cause));
  expect(error.message).toBe(`create edge1: the engine has gone away, or was restarted (${what})`);
  expect(error.mend).toContain("repro clean");
});

it("does not take a file that is missing here for an engine that is gone", () => {
  const missing = Object.assign(new Error("no such file"), { code: "ENOENT", syscall: "open" });
  expect(engineError("assemble a base", missing).message).toBe("assemble a base: no such file");
});
