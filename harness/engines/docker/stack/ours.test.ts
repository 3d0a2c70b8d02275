import type Docker from "dockerode";
import { expect, it } from "vitest";
import { removeThings } from "./ours.ts";

it("removes the containers of a run one after the other, those of several runs side by side", async () => {
  const log: string[] = [];
  const { promise: bothBegun, resolve } = Promise.withResolvers<void>();
  const docker = {
    getContainer: (id: string) => ({
      remove: async () => {
        log.push(`begin ${id}`);
        // Neither run gets on without the other.
        if (log.length === 2) resolve();
        await bothBegun;
        log.push(`end ${id}`);
      },
    }),
  } as unknown as Docker;
  const containers = ["a1", "b1", "a2", "b2"].map((id) => ({ id, name: id, owner: "me", run: id[0] }));
  const removal = await removeThings(docker, { containers, networks: [], volumes: [] });
  expect(removal).toMatchObject({ containers: 4, left: [] });
  for (const run of ["a", "b"]) {
    const own = log.filter((entry) => entry.includes(` ${run}`));
    expect(own).toEqual([`begin ${run}1`, `end ${run}1`, `begin ${run}2`, `end ${run}2`]);
  }
});
