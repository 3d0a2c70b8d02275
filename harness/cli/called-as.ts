/** As reports and help say it, whoever called: it is the same for whoever reads them later, and elsewhere. */
export const USUAL = "pnpm repro";

/**
 * How whoever called this program would call it again. Undefined where nobody can tell; then texts stay as they are.
 * By npx pnpm lies in a folder of its own, and there is no command of that name.
 */
export function calledAs(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const path = env["REPRO_CALLED_AS"];
  if (path !== undefined && path !== "") return path.includes(" ") ? `'${path}'` : path;
  if (env["npm_lifecycle_event"] !== "repro") return undefined;
  return /[/\\]_npx[/\\]/.test(env["npm_execpath"] ?? "") ? "npx --yes pnpm@12 repro" : USUAL;
}

/**
 * Names commands of this program as its caller would type them. Everywhere in it they are called `repro WORD`, or
 * `pnpm repro …`; only here is it known better.
 * @param commands the words that make a `repro` without `pnpm` a command, not the name of this program.
 */
export function asTyped(command: string | undefined, commands: readonly string[]): (line: string) => string {
  if (command === undefined) return (line) => line;
  const named = new RegExp(
    `(?<![\\w./@-]|pnpm@12 )(?:pnpm repro(?![\\w:.-])|repro(?= (?:${commands.join("|")})(?![\\w-])))`,
    "g",
  );
  return (line) => line.replaceAll(named, () => command);
}
