import { expect, it } from "vitest";
import { conceal } from "./conceal.ts";

const HEAD = "[1] 2026/11/22 09:00:22.550650 [TRC] 10.0.0.2:40000 - cid:4 - <<- [CONNECT";

it("what a client shows to the broker is left out of the broker's line, and nothing else", () => {
  const line = `${HEAD} {"verbose":false,"jwt":"eyJ0.eyJq.c2ln","nkey":"UABC","sig":"c2lnbmVk","name":"expanso-edge edge1"}]`;
  expect(conceal(line, "nats")).toBe(
    `${HEAD} {"verbose":false,"jwt":"…","nkey":"UABC","sig":"…","name":"expanso-edge edge1"}]`,
  );
});

it("every other line is left as it is", () => {
  for (const line of [
    'INFO  EDGE: Started name="jwt"',
    '[1] … - <<- MSG_PAYLOAD: ["{\\"jwt\\":\\"of a job\\"}"]',
    `${HEAD} {"name":"expanso-orchestrator"}]`,
  ]) {
    expect(conceal(line, "nats")).toBe(line);
  }
});
