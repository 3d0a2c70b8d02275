import { describe, expect, it } from "vitest";
import { systemCredentials } from "../../adapters/system-credentials.ts";
import { checkToken, createToken, isSameSecret } from "./bootstrap-token.ts";

const NOW = 1_800_000_000_000;
const cluster = systemCredentials.openCluster("a1".repeat(32));
const other = systemCredentials.openCluster("b2".repeat(32));

describe("a bootstrap token", () => {
  const token = createToken(cluster, NOW + 60_000);

  it("counts until the second in which it expires", () => {
    expect(checkToken(cluster, ` ${token}\n`, NOW)).toBeUndefined();
    expect(checkToken(cluster, token, NOW + 59_999)).toBeUndefined();
    expect(checkToken(cluster, token, NOW + 60_000)).toEqual({
      code: "TOKEN_EXPIRED",
      expiredAtMs: NOW + 60_000,
    });
  });

  it("is of one cluster", () => {
    expect(checkToken(other, token, NOW)).toEqual({
      code: "TOKEN_OF_ANOTHER_CLUSTER",
      clusterId: cluster.clusterId,
    });
    const renamed = token.replace(cluster.clusterId, other.clusterId);
    expect(checkToken(other, renamed, NOW)).toEqual({ code: "TOKEN_UNKNOWN" });
  });

  it("is missing, or unknown, whatever else is shown", () => {
    for (const missing of ["", "  \n"]) {
      expect(checkToken(cluster, missing, NOW)).toEqual({ code: "TOKEN_MISSING" });
    }
    const [, id, expires, seal = ""] = token.split(".");
    const forged = [
      `${token}x`,
      token.slice(0, -1),
      `ebt1.${id}.${Number(expires) + 1}.${seal}`,
      `ebt2.${id}.${expires}.${seal}`,
      `ebt1.${id}.${expires}.${seal[0] === "A" ? "B" : "A"}${seal.slice(1)}`,
      "secret",
    ];
    for (const one of forged) expect(checkToken(cluster, one, NOW)).toEqual({ code: "TOKEN_UNKNOWN" });
  });
});

it("two secrets are the same only if all of them is", () => {
  expect(isSameSecret("abc", "abc")).toBe(true);
  for (const given of ["", "ab", "abcabc", "abd", "xbc", "abc\0"]) {
    expect(isSameSecret(given, "abc")).toBe(false);
  }
});
