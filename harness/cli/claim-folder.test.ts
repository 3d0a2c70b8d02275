import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { formatOwner } from "../engines/docker/owner.ts";
import { EnvironmentError, UsageError } from "../errors.ts";
import { CLAIM, claimFolder } from "./claim-folder.ts";

describe("a folder that is claimed", () => {
  it("is refused to another, and says who has it, and what to do if nobody has", async () => {
    const folder = aFolder();
    using _mine = await claimFolder(folder);
    const refused = claimFolder(join(folder, "..", folder.split("/").at(-1)!));
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(
      `--out: process ${process.pid} on ${hostname()} is writing a report to ${folder}; ` +
        `accepted is a folder of one's own. If there is no such process: rm ${join(folder, CLAIM)}`,
    );
  });

  it("of two who ask at once goes to one", async () => {
    const folder = aFolder();
    const asked = await Promise.allSettled([claimFolder(folder), claimFolder(folder)]);
    expect(asked.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  it("is anybody's once it is let go; what was made and stayed empty goes again", async () => {
    const folder = join(aFolder(), "a", "b");
    for (const _time of [1, 2]) {
      using _mine = await claimFolder(folder);
      expect(readdirSync(folder)).toEqual([CLAIM]);
    }
    expect(existsSync(join(folder, ".."))).toBe(false);
    {
      using _mine = await claimFolder(folder);
      writeFileSync(join(folder, "result.json"), "{}");
    }
    expect(readdirSync(folder)).toEqual(["result.json"]);
  });

  it("is anybody's if whoever had it is gone without a word", async () => {
    const folder = aFolder();
    const { pid } = spawnSync("true");
    writeFileSync(join(folder, CLAIM), formatOwner({ host: hostname(), pid, startedAt: "1" }));
    using _mine = await claimFolder(folder);
    expect(readdirSync(folder)).toEqual([CLAIM]);
  });

  it("goes to one of several who find the dead claim at once, and stays theirs", async () => {
    for (let time = 0; time < 20; time += 1) {
      const folder = aFolder();
      writeFileSync(
        join(folder, CLAIM),
        formatOwner({ host: hostname(), pid: spawnSync("true").pid, startedAt: "1" }),
      );
      const asked = await Promise.allSettled([1, 2, 3].map(() => claimFolder(folder)));
      const got = asked.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      expect(got).toHaveLength(1);
      expect(readdirSync(folder)).toEqual([CLAIM]);
      got[0]![Symbol.dispose]();
    }
  });

  it("is told at once where the claim cannot be read, and is not waited for where it leads nowhere", async () => {
    const [blocked, dangling] = [aFolder(), aFolder()];
    mkdirSync(join(blocked, CLAIM));
    await expect(claimFolder(blocked)).rejects.toThrow(EnvironmentError);
    symlinkSync(join(dangling, "nowhere"), join(dangling, CLAIM));
    await expect(claimFolder(dangling)).rejects.toThrow("somebody is writing a report");
  });

  it("that has become somebody else's is not let go for them", async () => {
    const folder = aFolder();
    const theirs = formatOwner({ host: "another-host", pid: 1, startedAt: "1" });
    {
      using _mine = await claimFolder(folder);
      writeFileSync(join(folder, CLAIM), theirs);
    }
    expect(readFileSync(join(folder, CLAIM), "utf8")).toBe(theirs);
  });

  it("stays somebody's who runs on another host, of whom nobody here can tell", async () => {
    const folder = aFolder();
    writeFileSync(join(folder, CLAIM), formatOwner({ host: "another-host", pid: 1, startedAt: "1" }));
    await expect(claimFolder(folder)).rejects.toThrow("process 1 on another-host");
  });
});

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "repro-claim-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
