/** A word that bash reads back as exactly this text. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** For people, without the marks of code: in a script they look like commands. */
export function say(text: string): string {
  return quote(text.replaceAll("`", ""));
}

/** As it stands between double quotes. */
export function doubleQuoted(text: string): string {
  return text.replaceAll(/["$`\\]/g, String.raw`\$&`);
}

/** `command` with this text on its standard input, as it stands. */
export function withInput(command: string, text: string): string[] {
  const lines = text.replace(/\n$/, "").split("\n");
  let end = "END";
  while (lines.includes(end)) end += "_";
  return [`${command} <<'${end}'`, ...lines, end];
}

/** Every line as a comment. */
export function comment(text: string): string[] {
  return text.split("\n").map((line) => `# ${line}`.trimEnd());
}

/** The functions that these lines call, and those that they call in turn, in the order of the library. */
export function calledBy(
  lines: readonly string[],
  library: Readonly<Record<string, string>>,
): readonly string[] {
  const called = new Set<string>();
  const look = (text: string) => {
    for (const [name, definition] of Object.entries(library)) {
      if (called.has(name) || !new RegExp(String.raw`(?<![\w-])${name}(?![\w-])`).test(text)) continue;
      called.add(name);
      look(definition);
    }
  };
  for (const line of lines) look(line);
  return Object.entries(library).flatMap(([name, definition]) => (called.has(name) ? [definition] : []));
}
