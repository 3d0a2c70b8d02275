import chalk from "chalk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MachineLine } from "../engines/engine.ts";
import { createExpansoLineReader } from "../systems/expanso/line-reader.ts";
import { bundledSystem } from "../systems/bundled/bundled.ts";
import { chooseGrep, createLogView, grepHint, sayNothing } from "./log-view.ts";

const level = chalk.level;
beforeAll(() => void (chalk.level = 0));
afterAll(() => void (chalk.level = level));

const { patterns } = bundledSystem;
const PUBLISHED =
  "2026-11-22T05:14:00.123Z INFO PUBLISH: connection_exists=true connection_alive=true execution_id=e-1 node_name=edge1";
const MEANS = "published: The orchestrator takes the node for connected and hands the message to NATS.";

describe("what is shown of a line", () => {
  it("is whose it is, and of a known one what it means", () => {
    expect(shown(undefined, [line("edge1", "a word"), line("orchestrator", PUBLISHED)])).toEqual([
      "edge1           a word",
      `orchestrator  * ${PUBLISHED}`,
      `                └ ${MEANS}`,
    ]);
  });

  it("what it means comes once, and again when it has left the screen", () => {
    const known = line("orchestrator", PUBLISHED);
    const many = Array.from({ length: 50 }, () => line("edge1", "a word"));
    const lines = shown(undefined, [known, known, ...many, known]);
    expect(lines.filter((text) => text.includes(MEANS))).toHaveLength(2);
    expect(lines.slice(0, 4).map((text) => text.includes(MEANS))).toEqual([false, true, false, false]);
    expect(lines.at(-1)).toContain(MEANS);
  });

  it("is nothing if it is not wanted: by a regular expression", () => {
    const lines = [line("edge1", "one"), line("edge1", "two"), line("orchestrator", PUBLISHED)];
    expect(shown("^tw|e-1", lines)).toEqual([
      "edge1           two",
      `orchestrator  * ${PUBLISHED}`,
      `                └ ${MEANS}`,
    ]);
  });

  it("is nothing if it is not wanted: by the name of a known line", () => {
    const lines = [line("edge1", "published"), line("orchestrator", PUBLISHED)];
    expect(shown("published", lines)).toEqual([`orchestrator  * ${PUBLISHED}`, `                └ ${MEANS}`]);
  });

  it("is the message itself where the broker tells of it in two lines", () => {
    const trace = (rest: string) =>
      line("nats", `[1] 2026/11/22 05:14:00.123456 [TRC] 10.0.0.3:1 - cid:4 - "v:nats.js:edge" - ${rest}`);
    const pub = trace("<<- [PUB expanso.node.n-1.in 2]");
    const lines = shown("broker-pub", [pub, trace('<<- MSG_PAYLOAD: ["{}"]')]);
    expect(lines[0]).toBe(`nats          * ${pub.text}`);
    expect(lines[1]).toContain("└ broker-pub: NATS has taken a message in.");
  });
});

describe("what is wanted", () => {
  it.each([
    ["everything unless told", undefined, { is: "everything" }],
    ["a known line by its name", "stuck-detected", { is: "pattern", name: "stuck-detected" }],
    ["anything else as an expression", "stuck", { is: "expression", expression: /stuck/ }],
  ])("is %s", (_what, given, grep) => {
    expect(chooseGrep(given, patterns)).toEqual(grep);
  });

  it("is no expression that cannot be", () => {
    expect(() => chooseGrep("(", patterns)).toThrow(
      '--grep: "(" is neither a regular expression (/(/: Unterminated group) nor the name of a known line',
    );
  });

  it("is asked after where a name was meant", () => {
    expect(grepHint(chooseGrep("stuck-detectd", patterns), patterns)).toBe(
      '--grep: taken for a regular expression (did you mean "stuck-detected"?)',
    );
    expect(grepHint(chooseGrep("DISPATCH|PUBLISH", patterns), patterns)).toBeUndefined();
    expect(grepHint(chooseGrep("stuck-detected", patterns), patterns)).toBeUndefined();
  });
});

describe("where there are no lines", () => {
  it.each([
    [undefined, [], "there is no line"],
    ["NONSENSE", [], "no line matches"],
    ["NONSENSE", ["edge1"], "no line matches; edge1 was killed, and the log went with the container"],
    [
      undefined,
      ["edge1", "edge2"],
      "there is no line; edge1, edge2 were killed, and the log went with the container",
    ],
  ])("matching %j, of killed ones %j, it says: %s", (grep, killed, told) => {
    expect(sayNothing(chooseGrep(grep, patterns), killed)).toBe(told);
  });
});

function line(machine: string, text: string): MachineLine {
  return { machine, stream: "stdout", text, atMs: 0 };
}

function shown(grep: string | undefined, lines: readonly MachineLine[]): readonly string[] {
  const view = createLogView({
    read: createExpansoLineReader(),
    grep: chooseGrep(grep, patterns),
    nameWidth: "orchestrator".length,
  });
  return lines.flatMap((each) => view(each));
}
