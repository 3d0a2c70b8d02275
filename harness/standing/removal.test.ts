import { expect, it } from "vitest";
import { doubtAbout } from "./removal.ts";

const STACK = { memo: undefined, madeAtMs: 1_000, maker: undefined, machines: [] };
const AT = { isNamed: false, nowMs: 61_000 };

it.each([
  ["the default one that was made here", { runId: "default" }, AT, undefined],
  [
    "the default one of another host",
    { runId: "default", elsewhere: "ci-3" },
    AT,
    'the stack "default" was made on ci-3, 1 min ago',
  ],
  [
    "the only one, of another name",
    { runId: "mine" },
    AT,
    'the stack "mine" is not the default one, only the only one: it was made here, 1 min ago',
  ],
  [
    "the only one, of another name and host",
    { runId: "mine", elsewhere: "ci-3" },
    AT,
    'the stack "mine" is not the default one, only the only one: it was made on ci-3, 1 min ago',
  ],
  [
    "one that was named, whosever it is",
    { runId: "mine", elsewhere: "ci-3" },
    { ...AT, isNamed: true },
    undefined,
  ],
])("before %s is removed somebody is asked, or not", (_what, stack, at, doubt) => {
  expect(doubtAbout({ ...STACK, ...stack }, at)).toBe(doubt);
});
