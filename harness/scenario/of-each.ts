import type { FaultProof } from "../engines/engine.ts";
import { EnvironmentError, UsageError } from "../errors.ts";
import { list } from "../text/list.ts";

/** What came of one thing that was done to several machines at once. */
export interface OfEach {
  readonly proofs: readonly FaultProof[];
  /** For people: what failed if anything did, with the machines that it did not fail on; else what was seen. */
  readonly seen: string;
}

/**
 * Does it to all of them at once, and to all of them to its end: whoever reads that it failed on one wants to know what
 * has become of the others.
 * @param deed in words: `kill`.
 * @throws what was thrown for one, with what came of the others.
 */
export async function doToEach(
  deed: string,
  names: readonly string[],
  act: (name: string) => Promise<FaultProof>,
): Promise<OfEach> {
  const settled = await Promise.allSettled(names.map(async (name) => await act(name)));
  const thrown = settled.filter((one) => one.status === "rejected").map(({ reason }): unknown => reason);
  if (thrown.length > 0) throw errorOf(deed, names, settled, thrown);
  const proofs = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  return { proofs, seen: sayOfEach(names, proofs) };
}

/** Once where it is the same of all, else machine by machine. */
export function sayOfEach(names: readonly string[], proofs: readonly FaultProof[]): string {
  const isMixed = proofs.some(({ bit }) => bit) && proofs.some(({ bit }) => !bit);
  if (!isMixed) return list([...new Set(proofs.map(({ seen }) => seen))], "; ");
  const told = (wanted: boolean) =>
    proofs.flatMap(({ bit, seen }, at) =>
      bit === wanted ? [`${names[at]} ${bit ? "done" : "not"}: ${seen}`] : [],
    );
  // What failed comes first: of many machines only the first are told.
  return list([...told(false), ...told(true)], "; ");
}

function errorOf(
  deed: string,
  names: readonly string[],
  settled: readonly PromiseSettledResult<FaultProof>[],
  thrown: readonly unknown[],
): unknown {
  const [first] = thrown;
  // A defect is told as it is, whatever else went wrong, and one machine has nobody beside it.
  const isTold = (error: unknown) => error instanceof EnvironmentError || error instanceof UsageError;
  const defects = thrown.filter((error) => !isTold(error));
  if (names.length === 1 || defects.length > 0) return defects[0] ?? first;
  const proofs = settled.map((one): FaultProof =>
    one.status === "fulfilled" ? one.value : { bit: false, seen: (one.reason as Error).message },
  );
  const seen = sayOfEach(names, proofs);
  const environment = thrown.find((error) => error instanceof EnvironmentError);
  if (environment === undefined) return new UsageError(`${deed} ${list(names)}: ${seen}`, { cause: first });
  return new EnvironmentError({
    wanted: `${deed} ${list(names)}`,
    seen,
    mend: environment.mend,
    cause: environment,
  });
}
