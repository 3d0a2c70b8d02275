import { planAssembly } from "./assembled.ts";
import type { GivenImage, ImageSource } from "../../engine.ts";
import type { BaseContext } from "./base.ts";
import { givenName, inspectImage, presentBase, pulledName } from "./public.ts";

/** What `findBase` would come to, without anything being made or pulled. */
export type BaseSeen =
  | { readonly is: "there"; readonly id: string; readonly title: string }
  /** It can be made here at any time. */
  | { readonly is: "to assemble"; readonly title: string }
  /** Whether the registry answers is known once it is asked; `because` says why nothing else will do. */
  | { readonly is: "to pull"; readonly name: string; readonly because: readonly string[] };

/** The same ways in the same order as `findBase`. */
export async function lookForBase(kind: ImageSource["base"], context: BaseContext): Promise<BaseSeen> {
  if (typeof kind !== "string") return await lookForGiven(kind, context);
  const given = givenName(kind, context.env);
  if (given !== undefined) return await lookForGiven(given, context);
  const present = await presentBase(kind, context);
  if ("id" in present) return { is: "there", ...present };
  const plan = await planAssembly(kind, context);
  if ("no" in plan) return { is: "to pull", name: pulledName(kind), because: [present.no, plan.no] };
  const { title, madeId } = plan;
  return madeId === undefined ? { is: "to assemble", title } : { is: "there", id: madeId, title };
}

async function lookForGiven(
  { name, variable }: GivenImage,
  context: Pick<BaseContext, "docker">,
): Promise<BaseSeen> {
  const image = await inspectImage(context.docker, name);
  if (image !== undefined) return { is: "there", id: image.Id, title: `${name} (${variable})` };
  return { is: "to pull", name, because: [`${variable} names it`] };
}
