import type Docker from "dockerode";
import { EnvironmentError } from "../../../errors.ts";
import { engineError } from "../api-errors.ts";
import { jsonLines } from "../json-lines.ts";
import { type ContextFile, contextTar } from "./content.ts";
import { imageLabels } from "./ours.ts";

/** Builds with the classic builder, which every engine has, and returns the image's id. */
export async function buildImage(
  docker: Docker,
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
  try {
    const progress = await docker.buildImage(contextTar(image.files), {
      t: image.tag,
      dockerfile: image.dockerfile,
      buildargs: { ...image.args, BASE: image.baseId },
      labels: imageLabels(image.key, image.digest),
      // What a failed step leaves behind would be nobody's.
      rm: true,
      forcerm: true,
    });
    const id = await finalId(progress, wanted);
    if (id === undefined) throw new Error("the engine finished without naming an image");
    return id;
  } catch (error) {
    throw engineError(wanted, error);
  }
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
