import fc from "fast-check";
import { expect, it } from "vitest";
import { matchesSelector, parseExpression } from "../../controlplane/model/selector.ts";
import { aNode } from "../../controlplane/test-kit/model-builders.ts";
import { admits } from "../../harness/systems/expanso/selector.ts";

/**
 * The harness reads selectors by itself, to see a node that the control plane overlooks. Where the two read one
 * differently, invariant 6 would be broken by nothing.
 */
const key = fc.constantFrom("zone", "expanso.io/disk", "a", "constructor");
const value = fc.constantFrom("", "eu", "us-1", "a.b/c:d");
const gap = fc.constantFrom("", " ", "  ");
const values = fc
  .array(value, { maxLength: 3 })
  .chain((all) => gap.map((space) => all.join(`${space},${space}`)));
const expression = fc.oneof(
  key,
  fc.tuple(gap, key).map(([space, k]) => `!${space}${k}`),
  fc
    .tuple(key, gap, fc.constantFrom("=", "==", "!="), gap, value)
    .map(([k, before, operator, after, v]) => `${k}${before}${operator}${after}${v}`),
  fc
    .tuple(key, fc.constantFrom("in", "notin"), gap, values)
    .map(([k, operator, space, all]) => `${k} ${operator}${space}(${all})`),
);
const labels = fc.dictionary(key, value, { noNullPrototype: true });

it("both sides read every selector that a job file may have alike", () => {
  const nodes = fc
    .array(labels, { maxLength: 4 })
    .map((all) => all.map((own, n) => aNode(`n${n}`, { labels: own })));
  const selector = fc.record({
    match_ids: fc.subarray(["n0", "n1", "n9"]),
    match_labels: labels,
    match_expressions: fc.array(expression, { maxLength: 2 }),
  });
  fc.assert(
    fc.property(selector, nodes, (wanted, all) => {
      expect(wanted.match_expressions.map(parseExpression)).not.toContain(undefined);
      const admitted = admits(wanted, all);
      const ids = admitted === "every node" ? all.map((node) => node.id) : admitted;
      expect(ids).toEqual(all.filter((node) => matchesSelector(wanted, node)).map((node) => node.id));
    }),
  );
});
