import { describe, expect, it } from "vitest";
import { inParallel } from "./in-parallel.ts";

describe("many works", () => {
  it.each([
    [1, ["1 begins", "1 ends", "2 begins", "2 ends", "3 begins", "3 ends"]],
    [2, ["1 begins", "2 begins", "1 ends", "2 ends", "3 begins", "3 ends"]],
    [9, ["1 begins", "2 begins", "3 begins", "1 ends", "2 ends", "3 ends"]],
  ])("%i at a time, in order", async (atOnce, story) => {
    const { told, work } = aStory();
    await inParallel([1, 2, 3], atOnce, work);
    expect(told).toEqual(story);
  });

  it("of none end at once", async () => {
    const { told, work } = aStory();
    await inParallel([], 2, work);
    expect(told).toEqual([]);
  });
});

describe("when one fails", () => {
  it("no other is begun, and what is under way comes to its end first", async () => {
    const { told, work } = aStory({ failing: 1 });
    await expect(inParallel([1, 2, 3, 4], 2, work)).rejects.toThrow("1 fails");
    expect(told).toEqual(["1 begins", "2 begins", "1 fails", "2 ends"]);
  });

  it("the first failure is the one that is told", async () => {
    const work = (item: number) => Promise.reject(new Error(`${item} fails`));
    await expect(inParallel([1, 2, 3], 3, work)).rejects.toThrow("1 fails");
  });
});

/** Works that take as long as each other. */
function aStory({ failing }: { readonly failing?: number } = {}) {
  const told: string[] = [];
  const work = async (item: number) => {
    told.push(`${item} begins`);
    await Promise.resolve();
    const end = item === failing ? `${item} fails` : `${item} ends`;
    told.push(end);
    if (item === failing) throw new Error(end);
  };
  return { told, work };
}
