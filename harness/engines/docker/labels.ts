/**
 * The labels on everything this adapter creates. Clean-up goes by them alone: by name it could hit what is not ours,
 * and what a killed harness left is known by nothing else.
 */
export const LABELS = {
  /** On containers, networks, volumes and images alike; its value is `PROJECT`. */
  project: "io.expanso.repro.project",
  run: "io.expanso.repro.run",
  /** Which process made it (see `owner.ts`): what a dead owner left may be removed, what a living one has may not. */
  owner: "io.expanso.repro.owner",
  machine: "io.expanso.repro.machine",
  /** Networks only: who made the stack, be it kept or not; what there is to know of it; the ids of its images. */
  maker: "io.expanso.repro.maker",
  memo: "io.expanso.repro.memo",
  images: "io.expanso.repro.images",
  /** Containers only: the address that it had at first. One that is cut off has none that could be asked for. */
  address: "io.expanso.repro.address",
  /** Images only: which image of ours it is, and the digest of all that went into it. */
  image: "io.expanso.repro.image",
  content: "io.expanso.repro.content",
} as const;

export const PROJECT = "repro";

/** The owner of what is to outlive its run: no process, so that it never counts as dead. */
export const KEPT = "kept";

export interface RunLabels {
  readonly runId: string;
  readonly owner: string;
}

/** Labels of what belongs to one run. */
export function runLabels(of: RunLabels, machine?: string): Record<string, string> {
  const labels = { [LABELS.project]: PROJECT, [LABELS.run]: of.runId, [LABELS.owner]: of.owner };
  return machine === undefined ? labels : { ...labels, [LABELS.machine]: machine };
}

/** A label filter as the list calls of the API take it. */
export function withLabel(name: keyof typeof LABELS, value: string): { label: string[] } {
  return { label: [`${LABELS[name]}=${value}`] };
}
