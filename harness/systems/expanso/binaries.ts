import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { EnvironmentError } from "../../errors.ts";

/** The programs that a build consists of. */
export const BINARIES = ["expanso-orchestrator", "expanso-edge", "expanso-cli"] as const;

export type Binary = (typeof BINARIES)[number];

/** Where a build may leave its programs, relative to a source checkout. */
const PLACES = ["bin", "dist", "build", "."];

/**
 * Where the programs are: in the checkout that `EXPANSO_REPO` names, built there by whoever knows how, or else in this
 * repository's `bin/` (seeds 001 and 002). Nothing is built here, and whether they are any good is looked at later.
 * @throws EnvironmentError if the checkout has none.
 */
export function locateBinaries(at: {
  readonly repository: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isThere?: (path: string) => boolean;
}): Readonly<Record<Binary, string>> {
  const { repository, env, isThere = existsSync } = at;
  const checkout = env["EXPANSO_REPO"] ?? "";
  const locate = (name: Binary): string => {
    if (checkout === "") return join(repository, "bin", name);
    const found = PLACES.map((place) => resolve(checkout, place, name)).find(isThere);
    if (found !== undefined) return found;
    const isCheckout = isThere(resolve(checkout));
    throw new EnvironmentError({
      wanted: `${name} in the checkout that EXPANSO_REPO names, ${checkout}`,
      seen: isCheckout ? `not in ${PLACES.join(", ")} there` : "there is no such folder",
      mend: isCheckout
        ? "build it there for Linux, as that project does (in Go: GOOS=linux go build -o bin/ …), or put it into bin/ " +
          "here, and: unset EXPANSO_REPO"
        : "correct it, or: unset EXPANSO_REPO",
    });
  };
  return {
    "expanso-orchestrator": locate("expanso-orchestrator"),
    "expanso-edge": locate("expanso-edge"),
    "expanso-cli": locate("expanso-cli"),
  };
}
