import { engineError } from "../api-errors.ts";
import { imageLabels, withContent } from "../images/ours.ts";
import { architectureNames, type Attempt, type BaseContext } from "./base.ts";
import { installedNats, installedNode } from "./installed.ts";
import { gatherRootfs, importRootfs } from "./rootfs.ts";
import { sharedLibraries } from "./shared-libraries.ts";

/**
 * An image made of nothing but a program installed here, the shared libraries it needs and the few files that make
 * name resolution and `/tmp` work. Needs a Linux host of the engine's architecture; the engine itself may be remote.
 */
export async function assembledBase(kind: "node" | "nats", context: BaseContext): Promise<Attempt> {
  const architecture = architectureNames(context.architecture);
  if (process.platform !== "linux" || process.arch !== architecture?.node) {
    return {
      no: `cannot assemble one here: host is ${process.platform}/${process.arch}, engine linux/${context.architecture}`,
    };
  }
  const program = await (kind === "node" ? installedNode(architecture.node) : installedNats());
  if ("no" in program) return program;
  const { paths, missing } = await sharedLibraries([program.file]);
  if (missing.length > 0) return { no: `${program.title} needs ${missing.join(", ")}, not found here` };
  const rootfs = await gatherRootfs(program, paths);
  const title = `assembled from ${program.title}`;
  const { digest } = rootfs;
  const key = `base-${kind}`;
  const made = withContent(context.images, key, digest);
  if (made !== undefined) return { id: made.Id, title };
  context.tell(`assembling a base from ${program.title}`);
  try {
    const as = { repo: `repro-${key}`, tag: digest.slice(0, 12), labels: imageLabels(key, digest) };
    return { id: await importRootfs(context.docker, rootfs, as), title };
  } catch (error) {
    throw engineError(`assemble a base from ${program.title}`, error);
  }
}
