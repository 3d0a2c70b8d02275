import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What something that listens on a socket answers, by the path of the request; undefined: never anything. */
export type Answers = (path: string) => unknown;

/** Speaks HTTP as an engine does: a text as it is, everything else as JSON. */
export function answering(answers: Answers): Server {
  return createHttpServer((request, response) => {
    const answer = answers((request.url ?? "").split("?")[0]!);
    if (answer === undefined) return;
    if (typeof answer === "string") response.end(answer);
    else response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  });
}

export interface Listening extends AsyncDisposable {
  /** As `DOCKER_HOST` has it: `unix:///tmp/…/docker.sock`. */
  readonly address: string;
  readonly path: string;
}

/** On a socket of its own, until it is disposed of. */
export async function listen(server: Server): Promise<Listening> {
  const folder = await mkdtemp(join(tmpdir(), "repro-engine-"));
  const path = join(folder, "docker.sock");
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => sockets.add(socket));
  server.listen(path);
  await once(server, "listening");
  return {
    address: `unix://${path}`,
    path,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A sound engine without anything of ours; `other` has answers of its own for some paths. */
export function aSoundEngine(other: Readonly<Record<string, unknown>> = {}): Answers {
  const answers: Readonly<Record<string, unknown>> = {
    "/version": { Version: "20.10.24+dfsg1", ApiVersion: "1.41", Os: "linux" },
    "/info": AN_INFO,
    "/images/json": [],
    "/networks": [],
    "/containers/json": [],
    "/volumes": { Volumes: null },
  };
  return (path) => (path in other ? other[path] : answers[path]);
}

const AN_INFO = {
  Name: "an-engine",
  OperatingSystem: "Debian GNU/Linux 12 (bookworm)",
  Architecture: "x86_64",
  Driver: "overlay2",
  DockerRootDir: "/var/lib/docker",
  CgroupVersion: "2",
  CgroupDriver: "systemd",
  SecurityOptions: ["name=seccomp,profile=default"],
};
