import { spawnSync } from "node:child_process";

/** Compose as people call it: the plugin, or the command of its own that it was. */
export const SPELLINGS = ["docker compose", "docker-compose"] as const;
export type Compose = (typeof SPELLINGS)[number];

/**
 * What there is of compose here, for `describe.skipIf(found === undefined)`. Containers of these names are a person's, and
 * nothing is done beside them. As with the engine: a reason to skip is printed, and with `REPRO_REQUIRE_ENGINE=1` it is a
 * failure.
 */
export function composeOrSkip(names: readonly string[]): readonly [Compose, ...Compose[]] | undefined {
  const [first, ...others] = SPELLINGS.filter(isThere);
  const taken = containers().filter((name) => names.includes(name));
  if (first !== undefined && taken.length === 0) return [first, ...others];
  const reason =
    first === undefined
      ? `neither \`${SPELLINGS.join("` nor `")}\` is there (on Debian: \`bash scripts/debian-engine.sh\`)`
      : `somebody's stack is there: ${taken.join(", ")} (\`docker rm -f ${taken.join(" ")}\` removes it)`;
  if (process.env["REPRO_REQUIRE_ENGINE"] === "1")
    throw new Error(`REPRO_REQUIRE_ENGINE is set, but ${reason}`);
  process.stderr.write(`skipped: ${reason}\n`);
  return undefined;
}

function isThere(compose: Compose): boolean {
  const [program = "", ...words] = compose.split(" ");
  return spawnSync(program, [...words, "version"]).status === 0;
}

function containers(): readonly string[] {
  const { stdout } = spawnSync("docker", ["ps", "--all", "--format", "{{.Names}}"], { encoding: "utf8" });
  // No `docker`, no compose either: the reason is told by the other one.
  return (stdout as string | null)?.split("\n") ?? [];
}
