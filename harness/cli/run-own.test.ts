import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { AmbientAccessError } from "../engines/sim/time/ambient-guard.ts";
import { EnvironmentError, UsageError } from "../errors.ts";
import type { Scenario, ScenarioContext } from "../scenario/define.ts";
import { RunAborted } from "../scenario/run-aborted.ts";
import { runOwn } from "./run-own.ts";

/** This file stands for the scenario's. */
const OWN = { path: "./mine.ts", file: fileURLToPath(import.meta.url) };

type Verbs = Readonly<Record<"kill" | "refuse" | "choke" | "slip" | "break" | "never", () => Promise<void>>>;

const VERBS: Verbs = {
  kill: async () => {},
  refuse: () => failAs(new UsageError("kill it before")),
  choke: () => failAs(new TypeError("not a function")),
  slip: () => failAs(new RunAborted("the premise slipped")),
  break: () => failAs(new EnvironmentError({ wanted: "a", seen: "b", mend: "c" })),
  never: () => new Promise(() => {}),
};

/** As in the harness, and not in this file. */
async function failAs(failure: Error): Promise<never> {
  failure.stack = `${failure.name}: ${failure.message}\n    at elsewhere (/harness/elsewhere.ts:1:1)`;
  throw failure;
}

it.each<[string, (verbs: Verbs) => Promise<unknown>, RegExp]>([
  [
    "a verb is not waited for",
    async ({ kill }) => void kill(),
    /: kill\(\) is not waited for: write `await`/,
  ],
  [
    "a verb is not waited for, and the next one trips",
    async ({ kill, refuse }) => [void kill(), await refuse()],
    /: kill\(\) is not waited for: .*; then: kill it before$/,
  ],
  [
    "a verb is not waited for, and the premise slips",
    async ({ kill, slip }) => [void kill(), await slip()],
    /: kill\(\) is not waited for: .*; then: the premise slipped$/,
  ],
  [
    "a function of their own is not waited for",
    async ({ never }) => void (async () => await never())(),
    /: never\(\) still goes on at the end: write `await` before what it is part of$/,
  ],
  ["a verb refuses", async ({ refuse }) => await refuse(), /: kill it before$/],
  [
    "a verb is given what it does not take",
    async ({ choke }) => await choke(),
    /: choke\(\) was given what it does not take: not a function$/,
  ],
  [
    "the time of the machine is used",
    async () => await Promise.reject(new AmbientAccessError("setTimeout()")),
    /: setTimeout\(\) was used in a simulation: .*; what is to happen is waited for by until\(…\)$/,
  ],
  [
    "it throws",
    async () => {
      throw new Error("not so");
    },
    /: not so$/,
  ],
])("%s: told with its place", async (_what, run, message) => {
  const mistake = await failureOf(run);
  expect(mistake).toBeInstanceOf(UsageError);
  expect((mistake as Error).message).toMatch(/^\.\/mine\.ts:\d+:\d+: /);
  expect((mistake as Error).message).toMatch(message);
});

it.each([
  ["a word", "oops", "./mine.ts: it threw 'oops'; of an Error the place would be known"],
  ["nothing", undefined, "./mine.ts: it threw undefined; of an Error the place would be known"],
])("what is thrown is no error: %s", async (_what, thrown, message) => {
  expect(await failureOf(() => Promise.reject(thrown as unknown as Error))).toEqual(new UsageError(message));
});

it.each<[string, (verbs: Verbs) => Promise<unknown>, abstract new (...given: never[]) => Error]>([
  ["a premise that slipped", async ({ slip }) => await slip(), RunAborted],
  ["an engine that broke", async ({ break: breaks }) => await breaks(), EnvironmentError],
  [
    "an engine that broke, whatever goes on",
    async ({ kill, break: breaks }) => [void kill(), await breaks()],
    EnvironmentError,
  ],
])("%s stays what it is", async (_what, run, kind) => {
  expect(await failureOf(run)).toBeInstanceOf(kind);
});

it("that does all as it should is let be", async () => {
  expect(await failureOf(async ({ kill }) => await kill())).toBe("none");
});

async function failureOf(run: (verbs: Verbs) => Promise<unknown>): Promise<unknown> {
  const scenario = { run } as unknown as Scenario;
  return await runOwn(scenario, VERBS as unknown as ScenarioContext, OWN).then(
    () => "none",
    (error: unknown) => error,
  );
}
