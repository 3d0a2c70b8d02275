import { describe, expect, it } from "vitest";
import { createProgress } from "./progress.ts";

const CLEAR = "\r\u001b[2K";

describe("in a terminal", () => {
  it("is one line that is written over, cut to the width", () => {
    const { progress, said } = aProgress({ columns: 12 });
    progress.update("1 of 20 cells");
    progress.update("2 of 20");
    expect(said()).toBe(`${CLEAR}1 of 20 ce…${CLEAR}2 of 20`);
  });

  it("a note stays above it", () => {
    const { progress, said } = aProgress({ columns: 80 });
    progress.update("1 of 2");
    progress.note("not as expected");
    expect(said()).toBe(`${CLEAR}1 of 2${CLEAR}not as expected\n1 of 2`);
  });

  it("is gone at the end", () => {
    const { progress, said } = aProgress({ columns: 80 });
    progress.update("2 of 2");
    progress.end();
    progress.end();
    progress.note("done");
    expect(said()).toBe(`${CLEAR}2 of 2${CLEAR}${CLEAR}done\n`);
  });
});

describe("piped", () => {
  it("is a plain line now and then", () => {
    const { progress, said, wait } = aProgress({});
    progress.update("1 of 20");
    wait(999);
    progress.update("2 of 20");
    wait(1);
    progress.update("3 of 20");
    progress.update("4 of 20");
    wait(1_000);
    progress.update("5 of 20");
    progress.end();
    expect(said()).toBe("3 of 20\n5 of 20\n");
  });

  it("a note is never left out", () => {
    const { progress, said } = aProgress({});
    progress.note("one");
    progress.note("two");
    expect(said()).toBe("one\ntwo\n");
  });
});

function aProgress({ columns }: { readonly columns?: number }) {
  let text = "";
  let nowMs = 0;
  const progress = createProgress({
    write: (more) => {
      text += more;
    },
    columns,
    nowMs: () => nowMs,
  });
  return {
    progress,
    said: () => text,
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}
