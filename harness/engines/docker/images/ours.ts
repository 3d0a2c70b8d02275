import type Docker from "dockerode";
import { LABELS, PROJECT } from "../labels.ts";

/**
 * What tells an image of ours from others, and from one of other content. It belongs to no run and to nobody: what its
 * steps said of that (`stepLabels`) is taken back.
 */
export function imageLabels(key: string, digest: string): Record<string, string> {
  return {
    [LABELS.project]: PROJECT,
    [LABELS.run]: "",
    [LABELS.owner]: "",
    [LABELS.image]: key,
    [LABELS.content]: digest,
  };
}

/** The image that was made of exactly this, if the engine has it. */
export function withContent(
  images: readonly Docker.ImageInfo[],
  key: string,
  digest: string,
): Docker.ImageInfo | undefined {
  return ofKey(images, key).find((image) => labelsOf(image)[LABELS.content] === digest);
}

/** All that were made for that purpose, of whatever content. */
export function ofKey(images: readonly Docker.ImageInfo[], key: string): Docker.ImageInfo[] {
  return images.filter((image) => {
    const labels = labelsOf(image);
    return labels[LABELS.project] === PROJECT && labels[LABELS.image] === key;
  });
}

/** The engine says null for none, which dockerode's types do not know. */
function labelsOf({ Labels: labels }: { readonly Labels: Readonly<Record<string, string>> | null }) {
  return labels ?? {};
}
