import type Docker from "dockerode";
import { expect, it } from "vitest";
import { findLeftovers, removeLeftovers } from "./clean.ts";
import { KEPT, LABELS, PROJECT } from "./labels.ts";

const here = { host: "box", processStart: async () => undefined };
const labels = (owner: string) => ({
  [LABELS.project]: PROJECT,
  [LABELS.run]: "r",
  [LABELS.owner]: owner,
});
const container = (id: string) => ({ Id: id, Names: [`/${id}`], Labels: labels("box/1/1") });

it("does not remove a run that was kept while it looked", async () => {
  const kept = { Name: "kept", Labels: labels(KEPT) };
  const engine = anEngine([
    { containers: [container("a")] },
    { containers: [container("a")], volumes: [kept] },
  ]);
  expect(await removeLeftovers(engine.docker, { here })).toMatchObject({ containers: 0, spared: 2 });
  expect(engine.removed).toEqual([]);
});

it("looks again, for what was still on its way when its harness died", async () => {
  const both = { containers: [container("a"), container("b")] };
  const engine = anEngine([
    { containers: [container("a")] },
    { containers: [container("a")] },
    both,
    both,
    {},
  ]);
  expect(await removeLeftovers(engine.docker, { here })).toMatchObject({ containers: 3, left: [] });
  expect(engine.removed).toEqual(["a", "a", "b"]);
});

it("does not try for ever what cannot be removed", async () => {
  const engine = anEngine([{ containers: [container("a")] }], { busy: "a" });
  const { containers, left } = await removeLeftovers(engine.docker, { here });
  expect({ containers, left }).toEqual({ containers: 0, left: ["container a (remove container a: busy)"] });
  expect(engine.removed).toEqual(["a"]);
});

it("takes a container that somebody started from an image of ours for theirs, even if asked for everything", async () => {
  const inherited = {
    [LABELS.project]: PROJECT,
    [LABELS.image]: "edge",
    [LABELS.run]: "",
    [LABELS.owner]: "",
  };
  const theirs = { Id: "theirs", Names: ["/theirs"], Labels: inherited };
  const engine = anEngine([{ containers: [theirs] }]);
  expect(await findLeftovers(engine.docker, { here, all: true })).toEqual([]);
});

interface Listed {
  readonly containers?: readonly object[];
  readonly volumes?: readonly object[];
}

/** Says at each listing what the test says, the last again and again. */
function anEngine(listings: readonly Listed[], options: { readonly busy?: string } = {}) {
  const removed: string[] = [];
  let listing = -1;
  const at = () => listings[Math.min(listing, listings.length - 1)]!;
  const docker = {
    listContainers: async () => {
      listing += 1;
      return at().containers ?? [];
    },
    listNetworks: async () => [],
    listVolumes: async () => ({ Volumes: at().volumes ?? [] }),
    listImages: async () => [],
    getContainer: (id: string) => ({
      remove: async () => {
        removed.push(id);
        if (options.busy === id)
          throw Object.assign(new Error("busy"), { statusCode: 500, json: { message: "busy" } });
      },
    }),
  };
  return { docker: docker as unknown as Docker, removed };
}
