import { describe, expect, it } from "vitest";
import type { Verdict } from "../finding.ts";
import { judgeCompose } from "./compose.ts";
import { judgeNatsServer } from "./nats-server.ts";
import { judgePackages } from "./packages.ts";
import { judgePnpm } from "./pnpm.ts";
import { judgeReports } from "./reports.ts";
import { judgeRuntime } from "./runtime.ts";
import { judgeTerminal } from "./terminal.ts";

type Row<Facts> = [verdict: Verdict, facts: Facts, seen: string, mend?: RegExp];

describe("the runtime", () => {
  const platform = "linux-x64";
  it.each<Row<Parameters<typeof judgeRuntime>[0]>>([
    [
      "ok",
      { running: "24.21.0", pinned: "24.21.0", platform },
      "Node 24.21.0, the one that the project pins",
    ],
    [
      "note",
      { running: "24.9.0", pinned: "24.21.0", platform },
      "Node 24.9.0; the project pins 24.21.0",
      /pnpm@12/,
    ],
    [
      "note",
      { running: "26.1.0", pinned: undefined, platform: "win32-x64" },
      "Node 26.1.0; the project pins none for win32-x64",
    ],
    [
      "broken",
      { running: "22.19.0", pinned: "24.21.0", platform },
      "Node 22.19.0; it has to be 24 or newer",
      /pnpm@12/,
    ],
  ])("%s: %o", (verdict, facts, seen, mend) => expectJudgement(judgeRuntime(facts), { verdict, seen, mend }));
});

describe("the packages", () => {
  const sound = { name: "chalk", wanted: "6.0.1", installed: "6.0.1", isForRuns: true };
  it.each<Row<Parameters<typeof judgePackages>[0]>>([
    ["ok", [sound], "all 1, as package.json has them"],
    ["note", [sound, { ...sound, installed: "5.0.0" }], "chalk 6.0.1 is 5.0.0", /frozen-lockfile/],
    [
      "note",
      [{ ...sound, name: "knip", installed: undefined, isForRuns: false }],
      "knip 6.0.1 is missing",
      /frozen-lockfile/,
    ],
    ["broken", [{ ...sound, installed: undefined }], "chalk 6.0.1 is missing", /frozen-lockfile/],
  ])("%s: %o", (verdict, facts, seen, mend) =>
    expectJudgement(judgePackages(facts), { verdict, seen, mend }),
  );
});

describe("pnpm", () => {
  it.each<Row<Parameters<typeof judgePnpm>[0]>>([
    ["ok", { pnpm: "12.3.0", npx: undefined }, "pnpm 12.3.0"],
    ["ok", { pnpm: undefined, npx: "11.0.0" }, "no pnpm; npx 11.0.0 is there: npx --yes pnpm@12 does for it"],
    [
      "note",
      { pnpm: "9.1.0", npx: "11.0.0" },
      "pnpm 9.1.0; the lockfile is of pnpm 12",
      /^npx --yes pnpm@12/,
    ],
    ["note", { pnpm: "9.1.0", npx: undefined }, "pnpm 9.1.0; the lockfile is of pnpm 12", /^npm install/],
    ["note", { pnpm: undefined, npx: undefined }, "neither pnpm nor npx", /nodejs/],
  ])("%s: %o", (verdict, facts, seen, mend) => expectJudgement(judgePnpm(facts), { verdict, seen, mend }));
});

describe("nats-server", () => {
  const file = "/usr/sbin/nats-server";
  const says = "nats-server: v2.9.10";
  it.each<Row<Parameters<typeof judgeNatsServer>[0]>>([
    ["ok", { file, says, isOnPath: true }, "2.9.10 (/usr/sbin/nats-server)"],
    [
      "note",
      { file, says, isOnPath: false },
      "2.9.10, in /usr/sbin, which is not on the PATH: the tests of the bus are skipped",
      /^export PATH="\$PATH:\/usr\/sbin"$/,
    ],
    [
      "note",
      { file: undefined, says: undefined, isOnPath: false },
      "none; the broker's image needs a public one then, and the tests of the bus are skipped",
      /^apt-get install .*nats-server$/,
    ],
    [
      "note",
      { file, says: undefined, isOnPath: true },
      "/usr/sbin/nats-server does not say its version (it fails)",
      /^apt-get/,
    ],
    [
      "note",
      { file, says: "nats-server: v1.4.1", isOnPath: true },
      "1.4.1 (/usr/sbin/nats-server); only 2 has been tried",
      /^apt-get/,
    ],
  ])("%s: %o", (verdict, facts, seen, mend) =>
    expectJudgement(judgeNatsServer(facts), { verdict, seen, mend }),
  );
});

describe("the folder of reports", () => {
  const path = "/clone/.repro";
  it.each<Row<Parameters<typeof judgeReports>[0]>>([
    ["ok", { path, isWritable: true, freeBytes: 500e6 }, "500 MB free for /clone/.repro"],
    [
      "note",
      { path, isWritable: true, freeBytes: 499e6 },
      "499 MB free for /clone/.repro, little for a matrix on Docker",
      /--out/,
    ],
    [
      "note",
      { path, isWritable: true, freeBytes: undefined },
      "/clone/.repro can be written; nobody says how much is free there",
    ],
    [
      "broken",
      { path, isWritable: true, freeBytes: 19e6 },
      "19 MB free for /clone/.repro, less than one report may take",
      /--out/,
    ],
    ["broken", { path, isWritable: false, freeBytes: 5e9 }, "/clone/.repro cannot be written", /^chown/],
  ])("%s: %o", (verdict, facts, seen, mend) => expectJudgement(judgeReports(facts), { verdict, seen, mend }));
});

describe("a terminal for tests", () => {
  it.each<Row<Parameters<typeof judgeTerminal>[0]>>([
    ["ok", { says: "script from util-linux 2.38.1" }, "script from util-linux 2.38.1"],
    ["note", { says: undefined }, "no `script` of util-linux", /bsdutils/],
    ["note", { says: "script: illegal option" }, "no `script` of util-linux", /bsdutils/],
  ])("%s: %o", (verdict, facts, seen, mend) =>
    expectJudgement(judgeTerminal(facts), { verdict, seen, mend }),
  );
});

describe("Compose", () => {
  it.each<Row<Parameters<typeof judgeCompose>[0]>>([
    [
      "ok",
      { plugin: "Docker Compose version v2.29.1", standalone: "old" },
      "docker compose: Docker Compose version v2.29.1",
    ],
    [
      "ok",
      { plugin: undefined, standalone: "docker-compose version 1.29.2, build unknown\nmore" },
      "docker-compose: docker-compose version 1.29.2, build unknown",
    ],
    [
      "note",
      { plugin: undefined, standalone: undefined },
      "neither `docker compose` nor `docker-compose`",
      /apt-get/,
    ],
    [
      "note",
      { plugin: "", standalone: undefined },
      "neither `docker compose` nor `docker-compose`",
      /apt-get/,
    ],
  ])("%s: %o", (verdict, facts, seen, mend) => expectJudgement(judgeCompose(facts), { verdict, seen, mend }));
});

/** Whatever is mended or not: a judgement without a command says that there is none. */
function expectJudgement(
  judgement: { readonly verdict: Verdict; readonly seen: string; readonly mend?: string },
  wanted: { readonly verdict: Verdict; readonly seen: string; readonly mend: RegExp | undefined },
): void {
  const { mend, ...rest } = judgement;
  expect(rest).toEqual({ verdict: wanted.verdict, seen: wanted.seen });
  if (wanted.mend === undefined) expect(mend).toBeUndefined();
  else expect(mend).toMatch(wanted.mend);
}
