import { randomUUID } from "node:crypto";
import type Docker from "dockerode";
import { EnvironmentError } from "../../../errors.ts";
import { engineError } from "../api-errors.ts";
import { jsonLines } from "../json-lines.ts";
import { LABELS } from "../labels.ts";
import { removeImage } from "../stack/removal.ts";
import { type ContextFile, contextTar } from "./content.ts";
import { cutOffParts, stepLabels, withLabels } from "./cut-off.ts";
import { imageLabels } from "./ours.ts";

/**
 * Builds with the classic builder, which every engine has, and returns the image's id. Each step carries labels from
 * its beginning, so that what is left of a build that is cut off can be told from everything else.
 */
export async function buildImage(
  { docker, owner }: { readonly docker: Docker; readonly owner: string },
  image: {
    readonly key: string;
    readonly tag: string;
    readonly baseId: string;
    readonly digest: string;
    readonly files: readonly ContextFile[];
    readonly args: Readonly<Record<string, string>>;
    /** Name of the Dockerfile among the files. */
    readonly dockerfile: string;
  },
): Promise<string> {
  const wanted = `build ${image.tag}`;
  const id = `build-${image.key}-${randomUUID().slice(0, 8)}`;
  const files = image.files.map((file) =>
    file.name === image.dockerfile ? labelled(file, stepLabels({ id, owner })) : file,
  );
  try {
    const progress = await docker.buildImage(contextTar(files), {
      t: image.tag,
      dockerfile: image.dockerfile,
      buildargs: { ...image.args, BASE: image.baseId },
      labels: imageLabels(image.key, image.digest),
      // What a failed step leaves behind would be nobody's.
      rm: true,
      forcerm: true,
    });
    const imageId = await finalId(progress, wanted);
    if (imageId === undefined) throw new Error("the engine finished without naming an image");
    return imageId;
  } catch (error) {
    // An engine that is gone keeps them until `repro clean`.
    await removeSteps(docker, id).catch(() => {});
    throw engineError(wanted, error);
  }
}

function labelled(dockerfile: ContextFile, labels: Readonly<Record<string, string>>): ContextFile {
  return { ...dockerfile, bytes: Buffer.from(withLabels(dockerfile.bytes.toString("utf8"), labels)) };
}

/** What a build that failed got done. */
async function removeSteps(docker: Docker, build: string): Promise<void> {
  const filters = { label: [`${LABELS.run}=${build}`] };
  const steps = cutOffParts(await docker.listImages({ all: true, filters }));
  for (const { id } of steps) await removeImage(docker, id);
}

/** Reads the builder's progress to its end. It answers 200 before it begins, so failures come in here. */
async function finalId(progress: NodeJS.ReadableStream, wanted: string): Promise<string | undefined> {
  let id: string | undefined;
  const said: string[] = [];
  for await (const line of jsonLines(progress)) {
    const step = line as { stream?: string; aux?: { ID?: string }; error?: string };
    if (step.stream !== undefined) said.push(step.stream);
    id = step.aux?.ID ?? id;
    if (step.error === undefined) continue;
    throw new EnvironmentError({
      wanted,
      seen: `${step.error.trim()} (after: ${said.join("").trim().split("\n").at(-1) ?? "nothing"})`,
      mend: "correct the Dockerfile, then: repro images",
    });
  }
  return id;
}
