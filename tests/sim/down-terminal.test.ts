import { hostname } from "node:os";
import { expect, it, onTestFinished } from "vitest";
import { KEPT, LABELS, runLabels } from "../../harness/engines/docker/labels.ts";
import { ownOwner } from "../../harness/engines/docker/owner.ts";
import { answering, aSoundEngine, listen } from "../../harness/test-kit/an-engine.ts";
import { startRepro } from "../command.ts";
import { noTerminal, openTerminal } from "../terminal.ts";

it.skipIf(noTerminal() !== undefined).each([
  ["", "down: nothing is removed", 0],
  ["what?", "down: nothing is removed", 0],
  ["y", "down: mine is removed, with its disks", 1],
])(
  "in a terminal down asks before it removes a stack that nobody has named: %j",
  async (answer, told, times) => {
    const { env, removed } = await anEngineWithAStack({ name: "mine" });
    const terminal = openTerminal(["down"], { env });
    onTestFinished(() => terminal.kill());
    await terminal.shows(/Of the stack "mine" is not the default one, only the only one: it was made here/);
    await terminal.shows(/remove it, with its disks\? y · Enter: no >/);
    terminal.types(answer);
    const { exitCode, shown } = await terminal.ended;
    expect(shown).toContain(told);
    expect({ exitCode, removals: removed.length }).toEqual({ exitCode: 0, removals: times });
  },
  60_000,
);

it("where there is nobody to ask it says how to say so, and whose it is", async () => {
  const owner = (await ownOwner()).replace(hostname(), "another-host");
  const { env, removed } = await anEngineWithAStack({ name: "default", owner });
  const { exitCode, stderr } = await startRepro(["down"], env).ended;
  expect(stderr).toMatch(
    /^repro: the stack "default" was made on another-host, .* ago; if it is the one that is meant: repro down --name default, or --yes\n$/,
  );
  expect({ exitCode, removed }).toEqual({ exitCode: 64, removed: [] });
}, 60_000);

/** An engine on which one stack stands, made by that process, or by one that is gone; and what was removed of it. */
async function anEngineWithAStack(stack: { readonly name: string; readonly owner?: string }) {
  const gone = (await ownOwner()).replace(/\/\d+\/[^/]+$/, `/${2 ** 22 + 1}/1`);
  const network = {
    Id: "1".repeat(64),
    Name: `repro-${stack.name}`,
    IPAM: { Config: [{ Subnet: "10.201.1.0/25" }] },
    Created: new Date(Date.now() - 60_000).toISOString(),
    Labels: { ...runLabels({ runId: stack.name, owner: KEPT }), [LABELS.maker]: stack.owner ?? gone },
  };
  const removed: string[] = [];
  const server = answering(aSoundEngine({ "/networks": [network], [`/networks/${network.Id}`]: {} }));
  server.prependListener("request", ({ method, url }: { method: string; url: string }) => {
    if (method === "DELETE") removed.push(url);
  });
  const listening = await listen(server);
  onTestFinished(async () => await listening[Symbol.asyncDispose]());
  return { env: { DOCKER_HOST: listening.address }, removed };
}
