import { afterEach, describe, expect, it } from "vitest";
import { findThings, removeThings } from "../../harness/engines/docker/stack/ours.ts";
import { startRepro } from "../command.ts";
import { fuzzStack, headlineOn } from "../fuzz/real/campaign.ts";
import { aRunId, dockerOrSkip } from "./engine.ts";

const found = await dockerOrSkip();
let stack = "";

afterEach(async () => {
  await removeThings(found!.docker, await findThings(found!.docker, "run", stack));
});

describe.skipIf(found === undefined)(
  "a stack of containers, after hundreds of inputs that nobody means",
  () => {
    it("has answered all, lives, and shows the headline", { timeout: 900_000 }, async () => {
      stack = aRunId();
      const up = await startRepro(["up", "--name", stack]).ended;
      expect(up.exitCode, `${up.stdout}${up.stderr}`).toBe(0);
      const requests = await fuzzStack(found!, stack, { kind: "requests", runs: 400, seed: 395 });
      expect([...requests.outcomes.keys()]).toEqual(
        expect.arrayContaining(["200", "201", "400", "404", "413", "417", "431", "hung up"]),
      );
      const messages = await fuzzStack(found!, stack, { kind: "messages", runs: 400, seed: 395 });
      expect([...messages.outcomes.keys()]).toEqual(
        expect.arrayContaining(["sent", "said again", "an edge is answered", "too large for the broker"]),
      );
      const { stuck } = await headlineOn(stack);
      expect(stuck.filter((state) => state === "pending")).not.toEqual([]);
      const logs = await startRepro(["logs", "--name", stack]).ended;
      expect(
        logs.stdout.match(/API: Request failed.*|BROKER: Evaluation failed.*|^.*Uncaught.*$/gm),
      ).toBeNull();
    });
  },
);
