import type Docker from "dockerode";
import type { ImageSource } from "../../engine.ts";
import { wanting } from "../api-errors.ts";
import { architectureNames } from "../bases/base.ts";
import { type BaseSeen, lookForBase } from "../bases/look.ts";
import { contentDigest } from "./content.ts";
import { readContexts } from "./context.ts";
import { ofKey, withContent } from "./ours.ts";
import type { PreparePorts } from "./prepare.ts";

/** What `prepareImages` would find, without anything being built. */
export interface ImagesSeen {
  readonly bases: ReadonlyMap<ImageSource["base"], BaseSeen>;
  readonly images: readonly ImageSeen[];
}

export interface ImageSeen {
  readonly tag: string;
  readonly state: ImageState;
}

export type ImageState =
  | "up to date"
  /** There, under another tag or none: the next run puts that right. */
  | "untagged"
  | "outdated"
  | "missing";

export async function lookAtImages(
  ports: Pick<PreparePorts, "docker" | "architecture" | "env" | "repository">,
  sources: readonly ImageSource[],
): Promise<ImagesSeen> {
  const { docker, architecture, env, repository } = ports;
  const images = await wanting("list the images", docker.listImages());
  const context = { docker, architecture, env, images, tell: () => {} };
  const kinds = [...new Set(sources.map(({ base }) => base))];
  const [bases, contexts] = await Promise.all([
    Promise.all(kinds.map(async (kind) => [kind, await lookForBase(kind, context)] as const)),
    readContexts(repository, sources, architectureNames(architecture)?.image),
  ]);
  const baseOf = new Map(bases);
  return {
    bases: baseOf,
    images: sources.map((source) => {
      const base = baseOf.get(source.base)!;
      const files = contexts.get(source.key)!;
      const digest = base.is === "there" ? contentDigest(base.id, files, source.args) : undefined;
      return { tag: source.tag, state: stateOf(images, source, digest) };
    }),
  };
}

/** Without its base (`digest` undefined) an image cannot be of what is there now. */
function stateOf(
  images: readonly Docker.ImageInfo[],
  { key, tag }: ImageSource,
  digest: string | undefined,
): ImageState {
  const current = digest === undefined ? undefined : withContent(images, key, digest);
  if (current !== undefined) return (current.RepoTags ?? []).includes(tag) ? "up to date" : "untagged";
  return ofKey(images, key).length > 0 ? "outdated" : "missing";
}
