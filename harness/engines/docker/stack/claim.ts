import { randomUUID } from "node:crypto";
import type Docker from "dockerode";
import { UsageError } from "../../../errors.ts";
import { isGone, wanting } from "../api-errors.ts";
import { removeVolume } from "./removal.ts";

const TOKEN = "io.expanso.repro.claim";

/**
 * A name that nobody else takes until it is disposed of. The engine gives one network name to two who ask for it in the
 * same moment; a volume's it gives to the first, and hands the second what the first has made.
 * @throws UsageError if somebody else has it.
 */
export async function claimName(
  docker: Docker,
  { name, stack }: { readonly name: string; readonly stack: string },
  labels: Readonly<Record<string, string>>,
): Promise<AsyncDisposable> {
  const token = randomUUID();
  const Name = `${name}-claim`;
  await wanting(
    `claim the name of the stack "${stack}"`,
    docker.createVolume({ Name, Labels: { ...labels, [TOKEN]: token } }),
  );
  const seen = await docker
    .getVolume(Name)
    .inspect()
    .catch((error: unknown) => {
      // The other one is done with it already.
      if (isGone(error)) return undefined;
      throw error;
    });
  if (seen?.Labels?.[TOKEN] !== token) {
    throw new UsageError(
      `the stack "${stack}" is being brought up by somebody else, since just now; see how far: repro ps`,
    );
  }
  return { [Symbol.asyncDispose]: async () => await removeVolume(docker, Name) };
}
