import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { cutOffParts, stepLabels, withLabels } from "./cut-off.ts";
import { imageLabels, withContent } from "./ours.ts";

const STEP = stepLabels({ id: "build-edge-1", owner: "box/1/1" });

it("every stage of a Dockerfile is labelled before its first step", () => {
  const dockerfile = "ARG BASE\nFROM ${BASE} AS one\nCOPY a /\n  from scratch\n# FROM nothing\nCOPY b /\n";
  expect(withLabels(dockerfile, { a: "b", c: 'd "e"' })).toBe(
    'ARG BASE\nFROM ${BASE} AS one\nLABEL a="b" c="d \\"e\\""\nCOPY a /\n' +
      '  from scratch\nLABEL a="b" c="d \\"e\\""\n# FROM nothing\nCOPY b /\n',
  );
});

describe("what a build that was cut off left", () => {
  it("is its steps, each before the one that it was built upon", () => {
    const images = [
      anImage("base", "", imageLabels("base-node", "d")),
      anImage("1", "base", STEP),
      anImage("2", "1", STEP),
      anImage("3", "2", STEP),
    ];
    expect(namesOf(images)).toEqual(["3", "2", "1"]);
    expect(namesOf(images.toReversed())).toEqual(["3", "2", "1"]);
    expect(cutOffParts(images)[0]).toMatchObject({ owner: "box/1/1", run: "build-edge-1" });
  });

  it("is nothing that a finished image is built upon", () => {
    const finished = { ...STEP, ...imageLabels("edge", "d") };
    expect(
      namesOf([anImage("1", "base", STEP), anImage("2", "1", STEP), anImage("edge", "2", finished)]),
    ).toEqual([]);
  });

  it("is nothing that somebody has built upon", () => {
    expect(namesOf([anImage("1", "base", STEP), anImage("theirs", "1", { theirs: "yes" })])).toEqual([]);
  });

  it("is no image that somebody made of a container of ours", () => {
    const ofAContainer = { ...STEP, "io.expanso.repro.image": "edge" };
    expect(namesOf([anImage("theirs", "edge", ofAContainer), anImage("plain", "", null)])).toEqual([]);
  });
});

it("a step is never taken for the base that it was built upon, although it inherits that one's labels", () => {
  const base = anImage("base", "", imageLabels("base-node", "d"));
  const step = anImage("step", "base", { ...imageLabels("base-node", "d"), ...STEP });
  expect(withContent([step, base], "base-node", "d")).toBe(base);
});

function anImage(id: string, parent: string, labels: Record<string, string> | null): Docker.ImageInfo {
  return { Id: `sha256:${id}`, ParentId: `sha256:${parent}`, Labels: labels } as unknown as Docker.ImageInfo;
}

function namesOf(images: readonly Docker.ImageInfo[]): string[] {
  return cutOffParts(images).map(({ name }) => name);
}
