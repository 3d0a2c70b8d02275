import { setImmediate as nextTurn } from "node:timers/promises";
import type Docker from "dockerode";
import type { ImageSource } from "../../engine.ts";
import { untilAborted } from "../../../time/until-aborted.ts";
import { wanting } from "../api-errors.ts";
import { architectureNames, type Base } from "../bases/base.ts";
import { findBase } from "../bases/find-base.ts";
import { buildImage } from "./build.ts";
import { contentDigest } from "./content.ts";
import { DOCKERFILE, readContexts } from "./context.ts";
import { withContent } from "./ours.ts";
import { removeSuperseded } from "./superseded.ts";

export interface PreparePorts {
  readonly docker: Docker;
  /** Whose builds these are. */
  readonly owner: string;
  /** Of the engine, in its words: `x86_64`. */
  readonly architecture: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that the sources' paths are relative to. */
  readonly repository: string;
  nowMs(): number;
  /** How long an image that was replaced is kept; a day unless told. */
  readonly keepReplacedMs?: number | undefined;
}

/**
 * Makes every image ready and returns key → image id. What is unchanged is not built: the digest of all that goes into
 * an image is a label on it. When aborted, a build under way is brought to its end (it takes a second): cut off, it would
 * leave its steps behind. A base that is sent or pulled leaves nothing until it is complete.
 */
export async function prepareImages(
  ports: PreparePorts,
  sources: readonly ImageSource[],
  tell: (progress: string) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<ReadonlyMap<string, string>> {
  const { docker } = ports;
  const listed = wanting("list the images", docker.listImages());
  const [images, bases, contexts] = await untilAborted(
    signal,
    Promise.all([
      listed,
      listed.then((present) => findBases(ports, sources, present, tell)),
      readContexts(ports.repository, sources, architectureNames(ports.architecture)?.image),
    ]).catch(unlessInterrupted(signal)),
  );
  const ready = await allOver(
    sources.map(async ({ key, tag, base, args = {} }) => {
      const { id: baseId, title } = bases.get(base)!;
      const files = contexts.get(key)!;
      const digest = contentDigest(baseId, files, args);
      const present = withContent(images, key, digest)?.Id;
      if (present === undefined) tell(`building ${tag} on ${title}`);
      const id =
        present ??
        (await buildImage(ports, { key, tag, baseId, digest, files, args, dockerfile: DOCKERFILE }));
      await retag(docker, id, tag);
      return { key, id };
    }),
  );
  signal.throwIfAborted();
  const ours = [...bases].flatMap(([kind, { id }]) =>
    typeof kind === "string" ? { key: `base-${kind}`, id } : [],
  );
  const current = [...ready, ...ours];
  const options = { nowMs: ports.nowMs(), unusedForMs: ports.keepReplacedMs };
  await Promise.all(current.map((image) => removeSuperseded(docker, images, image, options)));
  return new Map(ready.map(({ key, id }) => [key, id]));
}

/** A terminal's Ctrl-C ends the bundler's own process as well, which may be heard of before this one's signal. */
function unlessInterrupted(signal: AbortSignal) {
  return async (cause: unknown): Promise<never> => {
    await nextTurn();
    signal.throwIfAborted();
    throw cause;
  };
}

/** All of them, or the first failure once none is under way any more. */
async function allOver<T>(tasks: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(tasks);
  return await Promise.all(tasks);
}

async function findBases(
  ports: PreparePorts,
  sources: readonly ImageSource[],
  images: readonly Docker.ImageInfo[],
  tell: (progress: string) => void,
): Promise<ReadonlyMap<ImageSource["base"], Base>> {
  const { docker, architecture, env } = ports;
  const kinds = [...new Set(sources.map(({ base }) => base))];
  const context = { docker, architecture, env, images, tell };
  return new Map(
    await Promise.all(kinds.map(async (kind) => [kind, await findBase(kind, context)] as const)),
  );
}

/** The tag is for people; and when it was set last tells other harnesses that the image is in use. */
async function retag(docker: Docker, id: string, tag: string): Promise<void> {
  const at = tag.lastIndexOf(":");
  await wanting(`tag ${tag}`, docker.getImage(id).tag({ repo: tag.slice(0, at), tag: tag.slice(at + 1) }));
}
