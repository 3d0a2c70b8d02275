import { describe, expect, it } from "vitest";
import { createRealClock, skewMs } from "./clock.ts";

describe("the engine's clock against ours", () => {
  const at = (engineTime: string) => skewMs({ askedMs: 1_000, answeredMs: 1_040, engineTime });

  it.each([
    ["the same within the measurement", "1970-01-01T00:00:01.020Z", 0],
    ["just behind", "1970-01-01T00:00:00.955Z", 0],
    ["two seconds ahead", "1970-01-01T00:00:03.020Z", 2_000],
    ["an hour behind, in its own zone", "1970-01-01T01:00:01.020+02:00", -3_600_000],
    ["unreadable", "soon", 0],
  ])("is %s", (_, engineTime, skew) => {
    expect(at(engineTime)).toBe(skew);
  });
});

it("runs a task later, and not at all once it is taken back", async () => {
  const clock = createRealClock();
  const ran: string[] = [];
  clock.after(1, () => ran.push("cancelled")).cancel();
  await new Promise<void>((resolve) => clock.after(5, resolve));
  expect(ran).toEqual([]);
});
