import { expect, it, onTestFinished } from "vitest";
import { answering, listen } from "../../../test-kit/an-engine.ts";
import { engineError, RESTART, SILENT } from "../api-errors.ts";
import { removeContainer, removeNetwork } from "../stack/removal.ts";
import { connect, within } from "./connect.ts";

const LIMIT_MS = 50;

it("an engine that takes a call and never answers it is given up, and what to do is said", async () => {
  const docker = await anEngineThatIsSilent();
  await expect(removeContainer(docker, "0123456789abcdef")).rejects.toMatchObject({
    message: `remove container 0123456789ab: ${SILENT}`,
    mend: RESTART,
  });
  expect(await removeNetwork(docker, "net")).toEqual({ kept: SILENT });
});

it("what has no end of its own is waited for as long as it takes", async () => {
  const docker = await anEngineThatIsSilent();
  let ended: unknown;
  const end = (how: unknown) => (ended = how);
  void docker.getContainer("it").wait().then(end, end);
  void docker.getEvents().then(end, end);
  // Long enough for three limits, one after the other.
  for (let calls = 0; calls < 3; calls += 1) await docker.version().catch(() => {});
  expect(ended).toBeUndefined();
});

it("a limit that somebody gives is the one that counts", async () => {
  const docker = await anEngineThatIsSilent(60_000);
  const failure: unknown = await docker
    .getContainer("it")
    .wait(within(LIMIT_MS, {}))
    .catch((error: unknown) => error);
  expect(engineError("look", failure).message).toBe(`look: ${SILENT}`);
});

async function anEngineThatIsSilent(limitMs = LIMIT_MS) {
  const { path, [Symbol.asyncDispose]: close } = await listen(answering(() => undefined));
  onTestFinished(async () => await close());
  return connect({ kind: "socket", path }, {}, limitMs);
}
