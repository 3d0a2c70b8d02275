import { quote, shorten } from "../pipeline/config-reader.ts";

/** Writes a path as people read it: `config.pipeline.processors[0].mapping`; empty for the root. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.map((step, index) => formatStep(step, index === 0)).join("");
}

function formatStep(step: string | number, isFirst: boolean): string {
  if (typeof step === "number") return `[${step}]`;
  // A label's name may hold dots of its own.
  if (!/^[\w-]+$/.test(step)) return `[${quote(step)}]`;
  const short = shorten(step, 60);
  return isFirst ? short : `.${short}`;
}
