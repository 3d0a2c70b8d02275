import { describe, expect, it } from "vitest";
import { EnvironmentError } from "../../errors.ts";
import { readAbout } from "./about.ts";

const AT = { askedMs: 1_000, answeredMs: 1_010 };
const VERSION = { Version: "20.10.24+dfsg1", ApiVersion: "1.41" };
const INFO = {
  Name: "engine",
  OperatingSystem: "Debian",
  Architecture: "x86_64",
  Driver: "overlay2",
  DockerRootDir: "/var/lib/docker",
  CgroupVersion: "2",
  CgroupDriver: "systemd",
  SecurityOptions: ["name=seccomp,profile=default", "name=rootless"],
  DefaultAddressPools: [{ Base: "10.10.0.0/16", Size: 24 }],
  SystemTime: new Date(61_005).toISOString(),
};

describe("what an engine says of itself", () => {
  it("is read from its version and its info", () => {
    expect(readAbout(VERSION, INFO, AT)).toEqual({
      version: "20.10.24",
      apiVersion: "1.41",
      hostName: "engine",
      operatingSystem: "Debian",
      architecture: "x86_64",
      storageDriver: "overlay2",
      rootFolder: "/var/lib/docker",
      cgroupVersion: "2",
      cgroupDriver: "systemd",
      isRootless: true,
      pools: [{ base: "10.10.0.0/16", size: 24 }],
      skewMs: 60_000,
    });
  });

  it("does without what older engines do not say", () => {
    const { Architecture, Driver } = INFO;
    expect(readAbout(VERSION, { Architecture, Driver, SecurityOptions: null }, AT)).toMatchObject({
      cgroupVersion: "1",
      isRootless: false,
      pools: undefined,
      skewMs: 0,
    });
  });

  it.each([
    ["a page", VERSION, "<html>hello</html>", "it has no architecture"],
    ["nothing", VERSION, null, "it has no architecture"],
    ["another program's answer", { Version: 3 }, INFO, "it has no version"],
  ])("is not read into %s", (_, version, info, seen) => {
    expect(() => readAbout(version, info, AT)).toThrow(EnvironmentError);
    expect(() => readAbout(version, info, AT)).toThrow(seen);
  });
});
