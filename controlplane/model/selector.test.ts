import { describe, expect, it } from "vitest";
import { aNode, aSelector } from "../test-kit/model-builders.ts";
import { matchesSelector, parseExpression } from "./selector.ts";

describe("a selector", () => {
  const node = aNode("n1", { labels: { zone: "eu", disk: "ssd" } });

  it("that says nothing matches every node", () => {
    expect(matchesSelector(aSelector(), node)).toBe(true);
    expect(matchesSelector(aSelector(), aNode("n2"))).toBe(true);
  });

  it("matches by id", () => {
    expect(matchesSelector(aSelector({ match_ids: ["n9", "n1"] }), node)).toBe(true);
    expect(matchesSelector(aSelector({ match_ids: ["n9"] }), node)).toBe(false);
  });

  it("matches by labels, all of them", () => {
    expect(matchesSelector(aSelector({ match_labels: { zone: "eu" } }), node)).toBe(true);
    expect(matchesSelector(aSelector({ match_labels: { zone: "eu", disk: "hdd" } }), node)).toBe(false);
    expect(matchesSelector(aSelector({ match_labels: { rack: "7" } }), node)).toBe(false);
  });

  it("matches only if all of its parts do", () => {
    const good = { match_ids: ["n1"], match_labels: { zone: "eu" }, match_expressions: ["disk"] };
    expect(matchesSelector(good, node)).toBe(true);
    expect(matchesSelector({ ...good, match_ids: ["n2"] }, node)).toBe(false);
    expect(matchesSelector({ ...good, match_labels: { zone: "us" } }, node)).toBe(false);
    expect(matchesSelector({ ...good, match_expressions: ["disk", "!zone"] }, node)).toBe(false);
  });
});

describe("an expression", () => {
  const NODES = [
    aNode("eu", { labels: { zone: "eu" } }),
    aNode("us", { labels: { zone: "us" } }),
    aNode("empty", { labels: { zone: "" } }),
    aNode("bare"),
  ];

  it.each([
    ["zone", ["eu", "us", "empty"]],
    ["!zone", ["bare"]],
    ["! zone", ["bare"]],
    ["zone=eu", ["eu"]],
    ["zone==eu", ["eu"]],
    [" zone == eu ", ["eu"]],
    ["zone=", ["empty"]],
    ["zone=asia", []],
    // As in Kubernetes, a node without the label is not in the set.
    ["zone!=eu", ["us", "empty", "bare"]],
    ["zone != eu", ["us", "empty", "bare"]],
    ["zone in (eu,us)", ["eu", "us"]],
    ["zone in(eu)", ["eu"]],
    ["zone in ( us )", ["us"]],
    ["zone notin (eu,us)", ["empty", "bare"]],
    ["zone notin (asia)", ["eu", "us", "empty", "bare"]],
  ])("%j matches %j", (text, expected) => {
    const matching = NODES.filter((node) => matchesSelector(aSelector({ match_expressions: [text] }), node));
    expect(matching.map((node) => node.id)).toEqual(expected);
  });

  it.each(["", "zone in eu", "zone ~ eu", "=eu", "zone=a b", "zone in (eu", "two words", "!"])(
    "%j is none, and matches no node",
    (text) => {
      expect(parseExpression(text)).toBeUndefined();
      expect(matchesSelector(aSelector({ match_expressions: [text] }), aNode("n1"))).toBe(false);
    },
  );

  it("never takes for a label what every object has", () => {
    const has = (text: string) =>
      matchesSelector(aSelector({ match_expressions: [text] }), aNode("n1", { labels: {} }));
    expect([has("constructor"), has("!constructor"), has("toString"), has("!toString")]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });
});
