import type { BaseSeen } from "../../engines/docker/bases/look.ts";
import type { ImagesSeen } from "../../engines/docker/images/look.ts";
import type { Check, Examination } from "../examination.ts";
import { note, ok, type Judgement } from "../finding.ts";

export function images(look: () => Promise<ImagesSeen>): Examination<ImagesSeen> {
  return {
    ...ABOUT,
    mend: "docker image ls, then: repro images",
    ask: look,
    checks: [
      baseCheck("node", "npx --yes pnpm@12 install (brings the Linux Node to assemble it from)"),
      baseCheck("nats", "apt-get install --no-install-recommends nats-server"),
      { ...ABOUT, judge: judgeImages },
    ],
  };
}

const ABOUT = {
  id: "images",
  asks: "Are the images built, from what the sources are now?",
  why: "A run builds what is missing, in seconds. The tags, which Compose and repro.sh go by, are only right after that.",
};

function baseCheck(kind: "node" | "nats", install: string): Check<ImagesSeen> {
  return {
    id: `base-${kind}`,
    asks: `What will the ${kind === "node" ? "Node images" : "broker's image"} be built upon?`,
    why: "Without a base there is no image, and without images no run in containers.",
    judge: ({ bases }) => judgeBase(bases.get(kind), install),
  };
}

/** @param install the command after which it could be assembled here. */
export function judgeBase(base: BaseSeen | undefined, install: string): Judgement {
  if (base === undefined) return ok("nothing: no image asks for it");
  if (base.is === "there") return ok(base.title);
  if (base.is === "to assemble") return ok(`to be ${base.title}, by the next run`);
  return note(
    `${base.name} would have to be pulled (${base.because.join("; ")})`,
    `docker pull ${base.name}; or ${install}`,
  );
}

export function judgeImages({ images }: ImagesSeen): Judgement {
  const isReady = images.every(({ state }) => state === "up to date");
  const seen = images.map(({ tag, state }) => `${tag} ${state}`).join(", ");
  return isReady ? ok(`${images.map(({ tag }) => tag).join(", ")}: up to date`) : note(seen, "repro images");
}
