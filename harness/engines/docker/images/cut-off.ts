import type Docker from "dockerode";
import { LABELS, PROJECT } from "../labels.ts";
import type { Thing } from "../stack/ours.ts";

/**
 * What a build has to be known by while it goes on: the classic builder makes an image and a container of each step,
 * and keeps them when it is cut off. The finished image has other labels (`imageLabels`).
 */
export function stepLabels(build: { readonly id: string; readonly owner: string }): Record<string, string> {
  return {
    [LABELS.project]: PROJECT,
    [LABELS.run]: build.id,
    [LABELS.owner]: build.owner,
    // A base of ours has them already; a step is neither that base nor anything else that could be used.
    [LABELS.image]: "",
    [LABELS.content]: "",
  };
}

/** The Dockerfile with those labels on everything that comes of it, from the first step on. */
export function withLabels(dockerfile: string, labels: Readonly<Record<string, string>>): string {
  const words = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return dockerfile.replaceAll(/^[ \t]*FROM[ \t].*$/gim, (from) => `${from}\nLABEL ${words.join(" ")}`);
}

/** Steps that led to no finished image, each before the one that it was built upon. */
export function cutOffParts(images: readonly Docker.ImageInfo[]): readonly Thing[] {
  const upon = Map.groupBy(images, ({ ParentId: parent }) => parent);
  const isCutOff = (image: Docker.ImageInfo): boolean =>
    runOf(image) !== "" && (upon.get(image.Id) ?? []).every(isCutOff);
  const inOrder = (image: Docker.ImageInfo): Docker.ImageInfo[] => [
    ...(upon.get(image.Id) ?? []).flatMap(inOrder),
    image,
  ];
  const steps = images.filter(isCutOff).flatMap(inOrder);
  return [...new Set(steps)].map((image) => ({
    id: image.Id,
    name: image.Id.replace("sha256:", "").slice(0, 12),
    owner: labelsOf(image)[LABELS.owner],
    run: runOf(image),
  }));
}

/** Empty for what is no step of a build: somebody may have made an image of a container of ours, and that is theirs. */
function runOf(image: Docker.ImageInfo): string {
  const labels = labelsOf(image);
  const isStep = labels[LABELS.project] === PROJECT && labels[LABELS.image] === "";
  return isStep ? (labels[LABELS.run] ?? "") : "";
}

/** The engine says null for none, which dockerode's types do not know. */
function labelsOf({ Labels: labels }: { readonly Labels: Readonly<Record<string, string>> | null }) {
  return labels ?? {};
}
