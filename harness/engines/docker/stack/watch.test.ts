import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { aClock } from "../../../test-kit/a-clock.ts";
import { watchEngine } from "./watch.ts";

describe("an engine that is watched", () => {
  it("is gone when its events end and it does not answer", async () => {
    const engine = anEngine({ answers: () => false });
    const watch = watchEngine(engine, "keep run r going", () => true);
    (await engine.nextStream()).end();
    await expect(watch.gone).rejects.toThrow(
      "keep run r going: the engine has gone away, or was restarted (connect ECONNREFUSED)",
    );
  });

  it("was restarted when it answers, but something else that it told is over as well", async () => {
    const engine = anEngine();
    const watch = watchEngine(engine, "keep run r going", () => false);
    (await engine.nextStream()).destroy();
    await expect(watch.gone).rejects.toThrow(/the engine has gone away, or was restarted/);
  });

  it("is as it was when only the silent stream was cut, and is watched on", async () => {
    let isWhole = true;
    const engine = anEngine();
    const watch = watchEngine(engine, "keep run r going", () => isWhole);
    const first = await engine.nextStream();
    await engine.clock.advance(60_000);
    first.end();
    const second = await engine.nextStream();
    isWhole = false;
    second.end();
    await expect(watch.gone).rejects.toThrow(/has gone away/);
  });

  it("is left alone when it does not keep such a stream open at all", async () => {
    const engine = anEngine();
    const watch = watchEngine(engine, "keep run r going", () => true);
    (await engine.nextStream()).end();
    await engine.pinged;
    await expectNothing(watch.gone);
    expect(engine.asked()).toBe(1);
  });

  it("is nobody's concern any more once it is not watched", async () => {
    const engine = anEngine({ answers: () => false });
    const watch = watchEngine(engine, "keep run r going", () => true);
    const stream = await engine.nextStream();
    watch.stop();
    expect(stream.destroyed).toBe(true);
    await expectNothing(watch.gone);
  });
});

function anEngine({ answers = () => true }: { readonly answers?: () => boolean } = {}) {
  const clock = aClock();
  const waiting: PromiseWithResolvers<PassThrough>[] = [];
  const streams: PassThrough[] = [];
  const { promise: pinged, resolve: noteTheAnswer } = Promise.withResolvers<void>();
  let asked = 0;
  const docker = {
    getEvents: async () => {
      asked += 1;
      const stream = new PassThrough();
      const next = waiting.shift();
      if (next === undefined) streams.push(stream);
      else next.resolve(stream);
      return stream;
    },
    ping: async () => {
      noteTheAnswer();
      if (!answers()) throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    },
  };
  return {
    docker: docker as unknown as Docker,
    clock,
    pinged,
    asked: () => asked,
    /** Of its events, in order. */
    nextStream: async () => {
      const stream = streams.shift();
      if (stream !== undefined) return stream;
      const next = Promise.withResolvers<PassThrough>();
      waiting.push(next);
      return await next.promise;
    },
  };
}

/** A whole turn of the event loop later it has still not rejected. */
async function expectNothing(gone: Promise<never>): Promise<void> {
  const turn = new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(await Promise.race([gone.catch(() => "gone"), turn])).toBeUndefined();
}
