import { expect, it } from "vitest";
import { contentDigest, type ContextFile } from "./content.ts";

it("is the same for the same content in another order, and another for any change", () => {
  const a = aFile({ name: "a" });
  const b = aFile({ name: "b", bytes: Buffer.from("two") });
  const digest = contentDigest("sha256:base", [a, b]);
  expect(contentDigest("sha256:base", [b, a])).toBe(digest);
  const changed = [
    contentDigest("sha256:other", [a, b]),
    contentDigest("sha256:base", [a]),
    contentDigest("sha256:base", [{ ...a, mode: 0o755 }, b]),
    contentDigest("sha256:base", [
      { ...a, bytes: b.bytes },
      { ...b, bytes: a.bytes },
    ]),
    contentDigest("sha256:base", [{ ...a, name: "c" }, b]),
  ];
  expect(new Set([digest, ...changed]).size).toBe(changed.length + 1);
});

function aFile(of: Partial<ContextFile>): ContextFile {
  return { name: "a", bytes: Buffer.from("one"), mode: 0o644, ...of };
}
