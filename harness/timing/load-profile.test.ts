import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { loadTimingProfile, readTimingFile } from "./load-profile.ts";
import { PROFILES } from "./profile.ts";

const KNOB_LIST =
  "heartbeat, disconnectTimeout, lostTimeout, reevaluationBatch, housekeeping, dataPlaneSetup, resyncInterval";
const DURATIONS = "accepted is a duration like 250ms, 1s, 5m or 1h";

describe("a timing profile", () => {
  it("is found by its name", () => {
    expect(loadTimingProfile("fast")).toEqual(PROFILES["fast"]);
  });

  it.each([
    ["fsat", ' (did you mean "fast"?)'],
    ["slow", ""],
    ["", ""],
    ["constructor", ""],
    ["__proto__", ""],
  ])("%j is none, and the message says what there is", (name, hint) => {
    expect(() => loadTimingProfile(name)).toThrow(
      new UsageError(
        `--timing: there is no profile "${name}"${hint}; accepted are default, fast, batch-1s, heartbeat-1s or a file`,
      ),
    );
  });

  describe("from a file", () => {
    const folder = mkdtempSync(join(tmpdir(), "repro-timing-"));
    afterAll(() => rmSync(folder, { recursive: true }));

    it("has the file's name, its knobs, and the rest as in default", () => {
      const file = join(folder, "mine.yaml");
      writeFileSync(file, "heartbeat: 2s\nlostTimeout: 1h5m\n");
      expect(loadTimingProfile(file)).toEqual({
        name: file,
        timing: { ...PROFILES["default"]?.timing, heartbeat: 2_000, lostTimeout: 3_900_000 },
      });
    });

    it("is refused where it cannot be read", () => {
      const file = join(folder, "none.yaml");
      expect(() => loadTimingProfile(file)).toThrow(
        new UsageError(`--timing: cannot read ${file}: ENOENT: no such file or directory, open '${file}'`),
      );
      expect(() => loadTimingProfile(folder)).toThrow(UsageError);
    });
  });
});

describe("the text of a timing file", () => {
  it("leaves the default profile as it is", () => {
    readTimingFile("t.yaml", "heartbeat: 2s");
    expect(PROFILES["default"]?.timing.heartbeat).toBe(15_000);
  });

  it("may have comments", () => {
    expect(readTimingFile("t.yaml", "# slower\nheartbeat: 2s # twice\n").heartbeat).toBe(2_000);
  });

  it.each([
    [
      "a knob that there is not",
      "heartbeat: 2s\nlostTimout: 6s\n",
      `t.yaml:2:1: there is no knob "lostTimout" (did you mean "lostTimeout"?); accepted are ${KNOB_LIST}`,
    ],
    [
      "a knob that is nothing like one",
      "  speed: 2s\n",
      `t.yaml:1:3: there is no knob "speed"; accepted are ${KNOB_LIST}`,
    ],
    [
      "a knob that every object has",
      "constructor: 2s",
      `t.yaml:1:1: there is no knob "constructor"; accepted are ${KNOB_LIST}`,
    ],
    ["a number without a unit", "heartbeat: 2\n", `t.yaml:1:1: got "2", ${DURATIONS}`],
    ["no time at all", "\nheartbeat: 0s\n", `t.yaml:2:1: got "0s", ${DURATIONS}`],
    ["a negative time", "heartbeat: -1s\n", `t.yaml:1:1: got "-1s", ${DURATIONS}`],
    ["a list", "heartbeat: [1s]\n", `t.yaml:1:1: got "", ${DURATIONS}`],
    ["no lines", "", "t.yaml:1:1: lines like `heartbeat: 1s` are expected"],
    ["a word", "fast\n", "t.yaml:1:1: lines like `heartbeat: 1s` are expected"],
    ["the same knob twice", "heartbeat: 1s\nheartbeat: 2s\n", "t.yaml:2:1: Map keys must be unique"],
  ])("is refused with its place: %s", (_what, text, message) => {
    expect(() => readTimingFile("t.yaml", text)).toThrow(new UsageError(message));
  });

  it("is refused with its place where it is not even YAML", () => {
    expect(() => readTimingFile("t.yaml", "heartbeat: 1s\nlostTimeout: [1s\n")).toThrow(/^t\.yaml:\d+:\d+: /);
  });
});

describe("a KNOB=VALUE", () => {
  it("is a knob and milliseconds", () => {
    expect(loadTimingProfile("fast", ["reevaluationBatch=1.5s"]).timing.reevaluationBatch).toBe(1_500);
  });

  it.each([
    [
      "heartbeat",
      '--set: got "heartbeat", accepted is KNOB=VALUE, for example reevaluationBatch=1s; what is none stands before --set',
    ],
    [
      "hartbeat=1s",
      `--set: there is no knob "hartbeat" (did you mean "heartbeat"?); accepted are ${KNOB_LIST}`,
    ],
    ["heartbeat=", `--set heartbeat: got "", ${DURATIONS}`],
    ["heartbeat=1s=2s", `--set heartbeat: got "1s=2s", ${DURATIONS}`],
  ])("%s is refused", (text, message) => {
    expect(() => loadTimingProfile("fast", [text])).toThrow(new UsageError(message));
  });

  it("refuses a pace at which nodes that are well would come and go", () => {
    expect(() => loadTimingProfile("default", ["disconnectTimeout=1s"])).toThrow(
      /disconnectTimeout is 1s, accepted is more than heartbeat = 15s/,
    );
  });

  it("names what was changed, and refuses a pace at which no claim could be judged", () => {
    expect(loadTimingProfile("fast", ["heartbeat=500ms"]).name).toBe("fast heartbeat=500ms");
    expect(() => loadTimingProfile("fast", ["lostTimeout=2s"])).toThrow(
      /lostTimeout is 2s, accepted is more than W = 3.75s/,
    );
  });
});
