import { EnvironmentError } from "../../../errors.ts";
import { assembledBase } from "./assembled.ts";
import type { Attempt, Base, BaseContext } from "./base.ts";
import type { ImageSource } from "../../engine.ts";
import { givenBase, givenName, presentBase, pulledBase } from "./public.ts";

/**
 * The image that is given, or the base for the images of one kind; the first way that is open:
 * 1. the one that the user names (`REPRO_NODE_BASE`, `REPRO_NATS_BASE`): then no other will do;
 * 2. the public image, if the engine has it already;
 * 3. assembled from what is installed here: for Node exactly the runtime that the tests run on, and no address outside
 *    this machine is asked, so it works the same behind a firewall, in CI and years from now;
 * 4. the public image, pulled.
 * Why in this order: docs/decisions/0003-image-bases.md.
 */
export async function findBase(kind: ImageSource["base"], context: BaseContext): Promise<Base> {
  if (typeof kind !== "string") return await givenBase(kind, context);
  const given = givenName(kind, context.env);
  if (given !== undefined) return await givenBase(given, context);
  const tried: string[] = [];
  for (const attempt of WAYS) {
    const result = await attempt(kind, context);
    if ("id" in result) return result;
    tried.push(result.no);
  }
  throw new EnvironmentError({
    wanted: `a base for the ${kind} image`,
    seen: tried.join("; "),
    mend: MENDS[kind],
  });
}

const WAYS: readonly ((kind: "node" | "nats", context: BaseContext) => Promise<Attempt>)[] = [
  presentBase,
  assembledBase,
  pulledBase,
];

const MENDS = {
  node: "docker pull node:24-slim; or npx --yes pnpm@12 install (brings the Linux node to assemble it from)",
  nats: "apt-get install --no-install-recommends nats-server; or docker pull nats:2",
};
