import type { Duplex } from "node:stream";
import type Docker from "dockerode";
import { EnvironmentError } from "../../../errors.ts";
import type { HarnessClock } from "../../../time/clock.ts";
import type { ExecResult } from "../../engine.ts";
import { wanting } from "../api-errors.ts";
import { createFrameReader } from "../logs/frames.ts";
import { exitFromEvents } from "./exec-exit.ts";

/** Runs a command in a running container, to its end. */
export async function execIn(
  engine: { readonly docker: Docker; readonly clock: HarnessClock },
  container: Docker.Container,
  name: string,
  argv: readonly string[],
  options: { readonly stdin?: string } = {},
): Promise<ExecResult> {
  const wanted = `run \`${argv.join(" ")}\` in ${name}`;
  const withStdin = options.stdin !== undefined;
  const exec = await wanting(
    wanted,
    container.exec({ Cmd: [...argv], AttachStdin: withStdin, AttachStdout: true, AttachStderr: true }),
  );
  // Hijacked even without input: it is the engine's plain byte stream, with no HTTP reading in between.
  const stream = await wanting(wanted, exec.start({ hijack: true, stdin: withStdin }));
  if (withStdin) stream.end(options.stdin);
  const output = await wanting(wanted, readAll(stream));
  const exitCode =
    (await wanting(wanted, exec.inspect())).ExitCode ??
    (await exitFromEvents(engine, { containerId: container.id, execId: exec.id, withinMs: 5_000 }));
  if (exitCode === undefined) {
    throw new EnvironmentError({
      wanted,
      seen: "the engine does not say how it ended",
      mend: `docker inspect ${container.id.slice(0, 12)}`,
    });
  }
  return { exitCode, ...output };
}

async function readAll(stream: Duplex): Promise<{ stdout: string; stderr: string }> {
  const bytes: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
  const frames = createFrameReader((frame) => bytes[frame.stream].push(frame.bytes));
  await new Promise<void>((resolve, reject) => {
    stream.on("data", (chunk: Buffer) => frames.write(chunk));
    stream.once("error", reject);
    stream.once("end", resolve);
    stream.once("close", resolve);
  });
  stream.destroy();
  const text = (of: Buffer[]) => Buffer.concat(of).toString("utf8");
  return { stdout: text(bytes.stdout), stderr: text(bytes.stderr) };
}
