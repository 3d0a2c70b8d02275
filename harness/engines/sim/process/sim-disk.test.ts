import { describe, expect, it } from "vitest";
import { createSimDisk } from "./sim-disk.ts";

describe("a simulated disk that loses its power", () => {
  it("has what was synced, and nothing that came after", () => {
    const disk = createSimDisk();
    disk.write("identity.json", "n-1");
    disk.write("executions/e-1.json", "pending");
    disk.write("executions/e-2.json", "running");
    disk.sync();
    disk.write("executions/e-1.json", "running");
    disk.write("executions/e-3.json", "pending");
    disk.remove("executions/e-2.json");
    disk.losePower();
    expect(disk.list("")).toEqual(["identity.json"]);
    expect(disk.list("executions")).toEqual(["e-1.json", "e-2.json"]);
    expect(disk.read("executions/e-1.json")).toBe("pending");
    expect(disk.read("executions/e-2.json")).toBe("running");
  });

  it("is empty if nothing was ever synced", () => {
    const disk = createSimDisk();
    disk.write("identity.json", "n-1");
    disk.losePower();
    expect(disk.list("")).toEqual([]);
  });

  it("has the same again after another loss", () => {
    const disk = createSimDisk();
    disk.write("identity.json", "n-1");
    disk.sync();
    for (let losses = 0; losses < 2; losses += 1) {
      disk.write("identity.json", "n-2");
      disk.losePower();
      expect(disk.read("identity.json")).toBe("n-1");
    }
  });
});

describe("a copy of a disk", () => {
  it("has the named files as they are, of its own, safe from a loss of power", () => {
    const disk = createSimDisk();
    disk.write("identity.json", "n-1");
    disk.write("executions/e-1.json", "running");
    const copy = disk.copyOf(["identity.json", "not-there.json"]);
    copy.losePower();
    expect(copy.list("")).toEqual(["identity.json"]);
    expect(copy.list("executions")).toEqual([]);
    copy.write("identity.json", "n-2");
    expect(disk.read("identity.json")).toBe("n-1");
  });

  it("of no files is empty", () => {
    const disk = createSimDisk();
    disk.write("identity.json", "n-1");
    expect(disk.copyOf([]).list("")).toEqual([]);
  });
});
