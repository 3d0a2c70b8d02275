import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import type { Finding } from "./finding.ts";
import { toldFindings } from "./told.ts";

const ABOUT = {
  asks: "Is it high tide?",
  why: "Ships run aground where there is too little water below.",
};
const FINE: Finding = { ...ABOUT, id: "tides", verdict: "ok", seen: "3 m" };
const ODD: Finding = {
  ...ABOUT,
  id: "wind",
  verdict: "note",
  seen: "a storm",
  mend: "reef the sails, all of them, now",
};
const BAD: Finding = { ...ABOUT, id: "hull", verdict: "broken", seen: "a hole", mend: "plug" };

it("what is fine has a line, the rest says why it matters and what mends it", () => {
  expect(told([FINE, ODD, BAD], { width: 60, isVerbose: false })).toEqual([
    "ok      tides           3 m",
    "note    wind            a storm",
    "                        why   Ships run aground where there",
    "                              is too little water below.",
    "                        mend  reef the sails, all of them, now",
    "broken  hull            a hole",
    "                        why   Ships run aground where there",
    "                              is too little water below.",
    "                        mend  plug",
    "",
    "1 ok, 1 to note, 1 broken: first mend what is broken",
  ]);
});

it("a command is never broken into lines", () => {
  const mend = "one two three four five six seven eight nine ten eleven twelve";
  const lines = told([{ ...ODD, mend }], { width: 40, isVerbose: false });
  expect(lines).toContain(`                        mend  ${mend}`);
});

it("all of it is told to whoever asks", () => {
  const finding = { ...FINE, details: ["at noon", "at six: 1 m"] };
  expect(told([finding], { width: 60, isVerbose: false })[0]).toBe("ok      tides           3 m");
  expect(told([finding], { width: 60, isVerbose: false })[1]).toBe("");
  expect(told([finding], { width: 100, isVerbose: true })).toEqual([
    "ok      tides           3 m",
    "                              at noon",
    "                              at six: 1 m",
    "                        asked Is it high tide?",
    "                        why   Ships run aground where there is too little water below.",
    "",
    "1 ok, 0 to note, 0 broken: nothing prevents a run",
  ]);
});

function told(findings: readonly Finding[], options: Parameters<typeof toldFindings>[1]): readonly string[] {
  return toldFindings(findings, options).map((line) => stripVTControlCharacters(line));
}
