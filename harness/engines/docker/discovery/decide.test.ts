import { describe, expect, it } from "vitest";
import { EnvironmentError } from "../../../errors.ts";
import { type Answer, type Asked, decide } from "./decide.ts";

const ENGINE: Answer = { is: "engine", version: "20.10.24", os: "linux" };
const DENIED: Answer = { is: "denied", seen: "permission denied" };

describe("what the answers mean", () => {
  it("takes the engine that answers, though another socket may not be opened", () => {
    expect(decide("usual", [asked("/a.sock", DENIED), asked("/b.sock", ENGINE)])).toMatchObject({
      kind: "found",
      candidate: { from: "/b.sock" },
      version: "20.10.24",
    });
  });

  it("finds none where none was ever set up, and says where it looked", () => {
    expect(
      decide("usual", [asked("/a.sock", { is: "absent" }), asked("/b.sock", { is: "refused" })]),
    ).toEqual({
      kind: "none",
      looked: [
        { where: "/a.sock", seen: "no such socket" },
        { where: "/b.sock", seen: "nobody listens there" },
      ],
    });
  });

  it.each([
    ["may not be opened", DENIED, /permission denied$/, /usermod -aG docker \$USER, then log in again/],
    [
      "never answers",
      { is: "broken", seen: "no answer within 5 s" } as const,
      /no answer within 5 s$/,
      /restart/,
    ],
  ])("never takes a usual socket that %s for no engine", (_, answer, message, mend) => {
    const error = failureOf(() =>
      decide("usual", [asked("/a.sock", { is: "absent" }), asked("/b.sock", answer)]),
    );
    expect(error.message).toMatch(/^the engine at \/b.sock: /);
    expect(error.message).toMatch(message);
    expect(error.mend).toMatch(mend);
  });

  it.each([{ is: "absent" } as const, { is: "refused" } as const, DENIED])(
    "never takes a configured engine that does not answer for none: %o",
    (answer) => {
      const error = failureOf(() => decide("configured", [asked("DOCKER_HOST", answer, "/x.sock")]));
      expect(error.message).toMatch(/^the engine at \/x.sock, from DOCKER_HOST: /);
      expect(error.mend).not.toBe("");
    },
  );

  it("wants Linux containers", () => {
    const windows = asked("/a.sock", { ...ENGINE, os: "windows" });
    expect(failureOf(() => decide("usual", [windows])).message).toContain("it runs windows containers");
  });
});

function asked(from: string, answer: Answer, path = from): Asked {
  return { candidate: { endpoint: { kind: "socket", path }, from }, answer };
}

function failureOf(action: () => unknown): EnvironmentError {
  try {
    action();
  } catch (error) {
    if (error instanceof EnvironmentError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
