import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseSubnet, countFree, doOverlap } from "./subnets.ts";

describe("choosing a subnet", () => {
  it("gives every machine an address of its own, and none to the network, the gateway or everybody", () => {
    const subnet = chooseSubnet([], "a")!;
    const addresses = Array.from({ length: 125 }, (_, at) => subnet.address(at)!);
    expect(new Set(addresses).size).toBe(125);
    expect(addresses).not.toContain(subnet.gateway);
    expect(subnet.address(125)).toBeUndefined();
  });

  it("stays clear of everything that is taken", () => {
    const range = fc
      .tuple(fc.nat(255), fc.nat(255), fc.integer({ min: 17, max: 32 }))
      .map(([third, fourth, bits]) => `10.201.${third}.${fourth}/${bits}`);
    const staysClear = fc.property(fc.array(range), fc.string(), (taken, seed) => {
      const subnet = chooseSubnet(taken, seed);
      return subnet === undefined || !taken.some((other) => overlap(other, subnet.cidr));
    });
    expect(() => fc.assert(staysClear)).not.toThrow();
  });

  it.each(["10.0.0.0/8", "10.201.0.0/16", "0.0.0.0/0"])("finds none where %s is taken", (cidr) => {
    expect(chooseSubnet([cidr], "a")).toBeUndefined();
  });

  it("does not mind what is no IPv4 range", () => {
    expect(chooseSubnet(["", "fd00::/64", "172.17.0.0/16"], "a")).toBeDefined();
  });

  it("takes the last one there is", () => {
    const all: string[] = [];
    for (let n = 0; n < 512; n++) all.push(chooseSubnet(all, "seed")!.cidr);
    expect(new Set(all).size).toBe(512);
    expect(chooseSubnet(all, "seed")).toBeUndefined();
    expect(chooseSubnet(all.slice(1), "other")?.cidr).toBe(all[0]);
  });
});

describe("counting what is free", () => {
  it("is the same as looking at one place after the other", () => {
    const range = fc
      .tuple(fc.nat(255), fc.nat(255), fc.integer({ min: 12, max: 32 }))
      .map(([third, fourth, bits]) => `10.201.${third}.${fourth}/${bits}`);
    const isTheSame = fc.property(fc.array(range, { maxLength: 6 }), (taken) => {
      const places = Array.from({ length: 16 }, (_, at) => `10.201.${at * 16}.0/20`);
      const free = places.filter((place) => !taken.some((other) => overlap(other, place)));
      return countFree("10.201.0.0/16", 20, taken) === free.length;
    });
    expect(() => fc.assert(isTheSame)).not.toThrow();
  });

  it.each([
    ["a network that is larger than the range", "10.201.0.0/16", 12],
    ["a range of IPv6", "fd00::/64", 80],
  ])("finds no room for %s", (_, range, bits) => {
    expect(countFree(range, bits, [])).toBe(0);
  });
});

it.each([
  ["10.0.0.0/8", "10.201.3.0/25", true],
  ["10.201.3.128/25", "10.201.3.0/25", false],
  ["fd00::/64", "10.201.3.0/25", false],
])("%s and %s overlap: %s", (a, b, answer) => {
  expect([doOverlap(a, b), doOverlap(b, a)]).toEqual([answer, answer]);
});

/** Bit by bit, on purpose unlike the code under test. */
function overlap(a: string, b: string): boolean {
  const shorter = Math.min(...[a, b].map((cidr) => Number(cidr.split("/")[1])));
  const bits = (cidr: string) =>
    cidr
      .split("/")[0]!
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("")
      .slice(0, shorter);
  return bits(a) === bits(b);
}
