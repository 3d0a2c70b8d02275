import { nkeys } from "@nats-io/transport-node";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createNKey, readUserSeed } from "./nkeys.ts";

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe("a key", () => {
  it("is the one that NATS's own library makes of its seed, and signs what that verifies", () => {
    fc.assert(
      fc.property(bytes, fc.constantFrom("O", "A", "U"), fc.string(), (chance, kind, text) => {
        const key = createNKey(kind, chance);
        const theirs = nkeys.fromSeed(new TextEncoder().encode(key.seed));
        expect(key.publicKey).toBe(theirs.getPublicKey());
        expect(key.publicKey[0]).toBe(kind);
        const signature = Buffer.from(key.sign(text), "base64url");
        expect(theirs.verify(new TextEncoder().encode(text), signature)).toBe(true);
        expect(theirs.verify(new TextEncoder().encode(`${text}.`), signature)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it("is read back from its seed", () => {
    fc.assert(
      fc.property(bytes, (chance) => {
        const { publicKey, seed } = createNKey("U", chance);
        expect(readUserSeed(seed).publicKey).toBe(publicKey);
      }),
      { numRuns: 30 },
    );
  });

  it("is not read from anything else", () => {
    const { seed } = createNKey("U", new Uint8Array(32));
    const account = createNKey("A", new Uint8Array(32)).seed;
    for (const text of [
      "",
      "SU",
      seed.slice(0, -1),
      `${seed}A`,
      seed.replace("A", "B"),
      account,
      "sesame!",
    ]) {
      expect(() => readUserSeed(text)).toThrow("this is not the seed of a user key");
    }
  });
});
