import type { Readable } from "node:stream";
import type Docker from "dockerode";
import { EnvironmentError } from "../../../errors.ts";
import { engineMessage, isGone, wanting } from "../api-errors.ts";
import type { GivenImage } from "../../engine.ts";
import { jsonLines } from "../json-lines.ts";
import { architectureNames, type Attempt, type Base, type BaseContext } from "./base.ts";

interface PublicImage {
  readonly variable: string;
  /** What is pulled when nothing else is there, and preferred among what is. */
  readonly preferred: readonly [string, ...string[]];
  /** Any of these will do too. */
  readonly accepted: RegExp;
}

const PUBLIC: Readonly<Record<"node" | "nats", PublicImage>> = {
  node: {
    variable: "REPRO_NODE_BASE",
    preferred: ["node:24-slim", "node:24-bookworm-slim", "node:24-trixie-slim", "node:24"],
    accepted: /^node:24(\.\d+)*(-(slim|bookworm|trixie|bookworm-slim|trixie-slim))?$/,
  },
  nats: {
    variable: "REPRO_NATS_BASE",
    preferred: ["nats:2", "nats:latest"],
    // The Alpine and Windows variants keep the server elsewhere than in `/nats-server`.
    accepted: /^nats:2(\.\d+)*(-(linux|scratch))?$/,
  },
};

/** What the user names instead, and by which variable. */
export function givenName(kind: "node" | "nats", env: BaseContext["env"]): GivenImage | undefined {
  const { variable } = PUBLIC[kind];
  const name = env[variable];
  return name === undefined || name === "" ? undefined : { variable, name };
}

/** What would be pulled. */
export function pulledName(kind: "node" | "nats"): string {
  return PUBLIC[kind].preferred[0];
}

/** @throws EnvironmentError if it is not there, and does not come. */
export async function givenBase({ name, variable }: GivenImage, context: BaseContext): Promise<Base> {
  const present = await inspectImage(context.docker, name);
  if (present !== undefined) return { id: present.Id, title: name };
  const pulled = await pull(name, context);
  if ("id" in pulled) return pulled;
  throw new EnvironmentError({
    wanted: `the image that ${variable} names, ${name}`,
    seen: `the engine has no such image; ${pulled.no}`,
    mend: `docker pull ${name}, or: unset ${variable}`,
  });
}

/** The public image, if the engine has it for its own architecture (it may have others', to emulate them). */
export async function presentBase(kind: "node" | "nats", context: BaseContext): Promise<Attempt> {
  const { preferred, accepted } = PUBLIC[kind];
  const tags = new Set(context.images.flatMap(({ RepoTags: names }) => names ?? []));
  const others = [...tags].filter((tag) => accepted.test(tag)).toSorted((a, b) => (a < b ? 1 : -1));
  const wanted = architectureNames(context.architecture)?.image;
  for (const tag of new Set([...preferred.filter((name) => tags.has(name)), ...others])) {
    const image = await inspectImage(context.docker, tag);
    if (image !== undefined && (wanted === undefined || image.Architecture === wanted))
      return { id: image.Id, title: tag };
  }
  return { no: `the engine has no ${preferred[0]} for ${context.architecture}` };
}

export async function pulledBase(kind: "node" | "nats", context: BaseContext): Promise<Attempt> {
  return await pull(pulledName(kind), context);
}

/** A registry that says nothing for so long is not going to. */
const PULL_SILENCE_MS = 30_000;

async function pull(name: string, context: BaseContext): Promise<Attempt> {
  const { docker } = context;
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), PULL_SILENCE_MS);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), PULL_SILENCE_MS);
  };
  try {
    context.tell(`pulling ${name}`);
    // Without tag or digest the engine would pull every tag there is.
    const fromImage = /[:@][^/]*$/.test(name) ? name : `${name}:latest`;
    const progress = (await docker.createImage({ fromImage, abortSignal: silence.signal })) as Readable;
    silence.signal.addEventListener("abort", () => progress.destroy(new Error(SILENT)), { once: true });
    for await (const line of jsonLines(progress)) {
      heard();
      const step = line as { status?: string; id?: string; progress?: string; error?: string };
      if (step.error !== undefined) return { no: `pulling ${name}: ${step.error}` };
      if (step.progress !== undefined)
        context.tell(`pulling ${name}: ${step.status} ${step.id} ${step.progress}`);
    }
    const image = await inspectImage(docker, name);
    return image === undefined ? { no: `pulling ${name} brought nothing` } : { id: image.Id, title: name };
  } catch (error) {
    return { no: `pulling ${name}: ${silence.signal.aborted ? SILENT : engineMessage(error)}` };
  } finally {
    clearTimeout(timer);
  }
}

const SILENT = `the registry said nothing for ${PULL_SILENCE_MS / 1000} s`;

export async function inspectImage(
  docker: Docker,
  name: string,
): Promise<Docker.ImageInspectInfo | undefined> {
  return await wanting(
    `look at the image ${name}`,
    docker
      .getImage(name)
      .inspect()
      .catch((error: unknown) => {
        if (isGone(error)) return undefined;
        throw error;
      }),
  );
}
