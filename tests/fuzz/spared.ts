/**
 * An edge whose node is deleted by force has to be given a new id by a person: that is no defect, and all the rest of
 * the run would be about it.
 */
export function isFatal(
  { method, target, body }: { readonly method: string; readonly target: string; readonly body: string },
  nodes: readonly string[],
): boolean {
  if (method !== "DELETE" || !nodes.some((id) => target.toLowerCase().includes(id))) return false;
  return /"force"\s*:\s*true/.test(body);
}
