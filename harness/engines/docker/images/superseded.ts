import type Docker from "dockerode";
import { ofKey } from "./ours.ts";

/**
 * An image that nobody has tagged for so long serves no harness any more. Younger ones are left alone: another checkout
 * may have made its images ready just now, and start its containers from their ids in a moment.
 */
const UNUSED_FOR_MS = 24 * 60 * 60 * 1000;

/**
 * Removes images of ours that have been replaced: same key, another image, unused for a day. The engine refuses for
 * those that a container or another image uses; and nothing here is reason enough to fail.
 */
export async function removeSuperseded(
  docker: Docker,
  images: readonly Docker.ImageInfo[],
  current: { readonly key: string; readonly id: string },
  options: { readonly nowMs: number; readonly unusedForMs?: number | undefined },
): Promise<void> {
  const { nowMs, unusedForMs = UNUSED_FOR_MS } = options;
  const isRecent = (sinceMs: number) => nowMs - sinceMs < unusedForMs;
  await Promise.allSettled(
    ofKey(images, current.key).map(async ({ Id: id, Created: createdSec }) => {
      if (id === current.id || isRecent(createdSec * 1000)) return;
      const image = docker.getImage(id);
      const info = (await image.inspect()) as { Metadata?: { LastTagTime?: string } };
      if (isRecent(Date.parse(info.Metadata?.LastTagTime ?? ""))) return;
      await image.remove();
    }),
  );
}
