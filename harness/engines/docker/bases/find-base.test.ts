import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import type { BaseContext } from "./base.ts";
import { findBase } from "./find-base.ts";

describe("the base of an image", () => {
  it("is the public image if the engine has it for its architecture", async () => {
    const context = anEngine({ "node:24": "amd64", "node:24-slim": "arm64", "node:20-slim": "amd64" });
    expect(await findBase("node", context)).toEqual({ id: "sha256:node:24", title: "node:24" });
  });

  it("is a slim one before a large one", async () => {
    const context = anEngine({
      "node:24.3.0-bookworm-slim": "amd64",
      "node:24": "amd64",
      "node:24-slim": "amd64",
    });
    expect(await findBase("node", context)).toMatchObject({ title: "node:24-slim" });
  });

  it("is any of the right version, if not a usual one", async () => {
    expect(await findBase("node", anEngine({ "node:24.3.0-slim": "amd64" }))).toMatchObject({
      title: "node:24.3.0-slim",
    });
  });

  it("is what the user names, before all else", async () => {
    const context = anEngine({ "node:24-slim": "amd64", "mine:1": "amd64" }, { REPRO_NODE_BASE: "mine:1" });
    expect(await findBase("node", context)).toMatchObject({ title: "mine:1" });
  });

  it("is never a variant that keeps nats-server elsewhere", async () => {
    const context = anEngine({ "nats:2-alpine": "amd64", "nats:2.10.7": "amd64" });
    expect(await findBase("nats", context)).toMatchObject({ title: "nats:2.10.7" });
  });

  it("says every way that was tried when there is none, and what would help", async () => {
    const failing = findBase("nats", { ...anEngine({ "nats:2-alpine": "amd64" }), architecture: "riscv64" });
    await expect(failing).rejects.toThrow(
      `a base for the nats image: the engine has no nats:2 for riscv64; ` +
        `cannot assemble one here: host is ${process.platform}/${process.arch}, engine linux/riscv64; ` +
        `pulling nats:2: no route to the registry`,
    );
    await expect(failing).rejects.toMatchObject({ mend: expect.stringContaining("apt-get install") });
  });
});

/** An engine with these images (name → architecture), and no registry. */
function anEngine(
  images: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): BaseContext {
  const docker = {
    getImage: (name: string) => ({
      inspect: async () => {
        const architecture = images[name];
        if (architecture === undefined) throw Object.assign(new Error("no such image"), { statusCode: 404 });
        return { Id: `sha256:${name}`, Architecture: architecture };
      },
    }),
    createImage: async () => await Promise.reject(new Error("no route to the registry")),
  } as unknown as Docker;
  const list = Object.keys(images).map((name) => ({ RepoTags: [name] }) as Docker.ImageInfo);
  return { docker, architecture: "x86_64", env, images: list, tell: () => {} };
}
