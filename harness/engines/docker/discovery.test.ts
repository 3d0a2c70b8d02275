import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { EnvironmentError } from "../../errors.ts";
import { answering, listen as listenOn } from "../../test-kit/an-engine.ts";
import { findEngine } from "./discovery.ts";

const toEnd: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of toEnd.splice(0).toReversed()) await end();
});

describe("finding the engine", () => {
  it("asks it for its version", async () => {
    const address = await listen(
      engineThatSays({ Version: "27.1.0+debian", ApiVersion: "1.46", Os: "linux" }),
    );
    expect(await findEngine({ env: { DOCKER_HOST: address } })).toMatchObject({
      kind: "found",
      title: "docker 27.1.0",
      from: "DOCKER_HOST",
      endpoint: { kind: "socket" },
    });
  });

  it("is not led astray by the DOCKER_HOST of this very process", async () => {
    const address = await listen(engineThatSays({ Version: "27.1.0", ApiVersion: "1.46", Os: "linux" }));
    const before = process.env["DOCKER_HOST"];
    process.env["DOCKER_HOST"] = "tcp://127.0.0.1:1";
    toEnd.push(async () => {
      if (before === undefined) delete process.env["DOCKER_HOST"];
      else process.env["DOCKER_HOST"] = before;
    });
    expect(await findEngine({ env: { DOCKER_HOST: address } })).toMatchObject({ kind: "found" });
  });

  it("waits no longer than it is told for one that takes the call and says nothing", async () => {
    const address = await listen(createServer(() => {}));
    const error = await failureOf(findEngine({ env: { DOCKER_HOST: address }, timeoutMs: 50 }));
    expect(error.message).toMatch(/no answer within 0.05 s$/);
  });

  it("knows something else that listens there", async () => {
    const address = await listen(answering(() => "<html>hello</html>"));
    const error = await failureOf(findEngine({ env: { DOCKER_HOST: address } }));
    expect(error.message).toMatch(/something answers there, but not as Docker does$/);
  });

  it("says what DOCKER_HOST names that is not there", async () => {
    const error = await failureOf(findEngine({ env: { DOCKER_HOST: "unix:///nowhere/docker.sock" } }));
    expect(error.message).toBe("the engine at /nowhere/docker.sock, from DOCKER_HOST: no such socket");
  });

  it.each(["127.0.0.1", "[::1]"])(
    "reaches for one over ssh at %s without a warning of Node's",
    async (host) => {
      const { listening, port } = await aSilentPort(host);
      const warnings: Error[] = [];
      const note = (warning: Error) => void warnings.push(warning);
      process.on("warning", note);
      toEnd.push(async () => void process.off("warning", note));
      const asked = findEngine({ env: { DOCKER_HOST: `ssh://nobody@${host}:${port}` }, timeoutMs: 2_000 });
      // It has got as far as to the host that was named.
      await once(listening, "connection");
      expect((await failureOf(asked)).message).toMatch(/no answer within 2 s$/);
      expect(warnings).toEqual([]);
    },
  );

  it("names the certificate that is missing", async () => {
    const env = { DOCKER_HOST: "tcp://127.0.0.1:1", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/nowhere" };
    expect((await failureOf(findEngine({ env }))).message).toContain("/nowhere/ca.pem");
  });
});

/** Takes calls, and says nothing. */
async function aSilentPort(host: string): Promise<{ readonly listening: Server; readonly port: number }> {
  const listening = createServer((socket) => toEnd.push(async () => socket.destroy()));
  listening.listen(0, host.replaceAll(/[[\]]/g, ""));
  await once(listening, "listening");
  toEnd.push(async () => listening.close());
  return { listening, port: (listening.address() as AddressInfo).port };
}

function engineThatSays(version: object): Server {
  return answering(() => version);
}

async function listen(server: Server): Promise<string> {
  const listening = await listenOn(server);
  toEnd.push(async () => await listening[Symbol.asyncDispose]());
  return listening.address;
}

async function failureOf(task: Promise<unknown>): Promise<EnvironmentError> {
  const error = await task.then(
    () => new Error("it did not fail"),
    (failure: unknown) => failure,
  );
  if (error instanceof EnvironmentError) return error;
  throw error;
}
