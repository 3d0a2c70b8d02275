import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { LISTENER_ANSWER, type Listener } from "../bus-world.ts";
import { closingOf, type BrokerLines } from "../broker-lines.ts";
import { createInbox } from "../inbox.ts";
import { pauseProcess, resumeProcess } from "./pause.ts";

const PROGRAM = new URL("./fixtures/listener.ts", import.meta.url);

/** Starts a listener in a process of its own; resolves when the broker knows of it. */
export async function spawnListener(
  at: { readonly url: string; readonly record: BrokerLines },
  name: string,
  subject: string,
): Promise<Listener & { readonly end: () => Promise<void> }> {
  const child = fork(PROGRAM, [at.url, name, subject, LISTENER_ANSWER], { execArgv: [] });
  const inbox = createInbox();
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the listener ended with ${code}`)));
    child.on("message", (message: { readonly heard?: string }) => {
      if (message.heard === undefined) resolve();
      else inbox.add(message.heard);
    });
  });
  return {
    inbox,
    pause: () => pauseProcess(pidOf(child)),
    resume: () => Promise.resolve(resumeProcess(pidOf(child))),
    kill: async () => {
      await end(child);
      await at.record.until(closingOf(name));
    },
    end: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error("the listener was not started");
  return pid;
}
