import type Docker from "dockerode";
import type { Engine, StandingStacks } from "../engine.ts";
import { aboutEngine } from "./about.ts";
import { createRealClock } from "./clock.ts";
import { prepareImages } from "./images/prepare.ts";
import { ownOwner } from "./owner.ts";
import { openStack } from "./stack.ts";
import { findStanding } from "./standing/find.ts";
import { reopenStack, type StandingPorts } from "./standing/reopen.ts";
import { tellLines } from "./standing/tell-lines.ts";

export interface DockerEngine extends Engine {
  readonly name: "docker";
  readonly standing: StandingStacks;
  /** How far the engine's clock is ahead of ours: to be subtracted from times that containers print. */
  readonly skewMs: number;
}

export interface DockerEngineOptions {
  /** From `findEngine`. */
  readonly docker: Docker;
  readonly title: string;
  /** The folder that the paths of image sources are relative to. */
  readonly repository: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Told what is no reason to fail but may explain why something else does. */
  onWarning?(text: string): void;
  /** How long images that were replaced are kept; a day unless told. */
  readonly keepReplacedMs?: number;
}

/** Drives containers through an engine that `findEngine` found. */
export async function createDockerEngine(options: DockerEngineOptions): Promise<DockerEngine> {
  const { docker, title, repository, env = process.env } = options;
  const clock = createRealClock();
  const [owner, facts] = await Promise.all([ownOwner(), aboutEngine(docker)]);
  const imageIds = new Map<string, string>();
  const ports = {
    docker,
    owner,
    architecture: facts.architecture,
    env,
    repository,
    nowMs: () => clock.nowMs(),
  };
  const stackPorts: StandingPorts = {
    docker,
    clock,
    owner,
    skewMs: facts.skewMs,
    imageId(key) {
      const id = imageIds.get(key);
      if (id === undefined) throw new Error(`no image ${key}: prepare it before a stack is opened`);
      return id;
    },
    warn: (text) => options.onWarning?.(text),
  };
  return {
    name: "docker",
    title,
    clock,
    skewMs: facts.skewMs,
    imageIds,
    async prepare(images, tell, signal) {
      const imagePorts = { ...ports, keepReplacedMs: options.keepReplacedMs };
      const ready = await prepareImages(imagePorts, images, tell, signal);
      for (const [key, id] of ready) imageIds.set(key, id);
    },
    openStack: (spec) => openStack(stackPorts, spec),
    standing: {
      find: () => findStanding(docker),
      reopen: (spec, how) => reopenStack(stackPorts, spec, how),
      tellLines: (runId, wanted) => tellLines(stackPorts, runId, wanted),
    },
  };
}
