/**
 * True for a pipeline without a job around it, as seed 000 has it: made for a UI that asks for the rest.
 * It cannot be deployed, having no name.
 */
export function isBarePipeline(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const has = (key: string): boolean => Object.hasOwn(value, key);
  return ["input", "pipeline", "output"].some(has) && !["name", "type", "config", "spec"].some(has);
}

/** The envelope for somebody who sent JSON. */
export function envelopeInWords(): string {
  return `${WHAT_IT_IS}: {"name": "my-job", "type": "pipeline", "config": {…the pipeline…}}`;
}

/** The envelope around somebody's own file, ready to be saved as a job file. */
export function envelopeAround(text: string): string {
  const lines = text
    .split(/\r?\n/)
    // A document's start cannot stand inside another one.
    .filter((line) => !/^---(?:\s|$)/.test(line))
    .map((line) => (line.trim() === "" ? "" : `  ${line}`));
  return `${WHAT_IT_IS}:\n\n${["name: my-job", "type: pipeline", "config:", ...lines].join("\n").trimEnd()}`;
}

const WHAT_IT_IS = "this is a pipeline without a job around it; wrap it in an envelope like this";
