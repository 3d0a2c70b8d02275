import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from "yaml";

/** One value of a configuration file, with the place to name when it is wrong. */
export interface FileEntry {
  /** `node_manager.lost_timeout`. */
  readonly path: string;
  /** `orchestrator/config.yaml line 3`. */
  readonly place: string;
  readonly text: string;
}

/** Reads nested YAML maps of scalars into flat paths. */
export function readConfigFile(file: { readonly name: string; readonly text: string }): {
  readonly entries: ReadonlyMap<string, FileEntry>;
  readonly problems: string[];
} {
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file.name}:${line}:${col}`;
  };
  const problems = document.errors.map((error) => `${place(error.pos[0])}: ${error.message}`);
  const entries = new Map<string, FileEntry>();
  if (problems.length > 0) return { entries, problems };
  if (isMap(document.contents)) walk(document.contents, []);
  else if (document.contents !== null) problems.push(`${file.name}:1:1: a map of settings is expected`);
  return { entries, problems };

  function walk(map: YAMLMap, above: readonly string[]): void {
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? String(key.value) : "";
      const path = [...above, name];
      const at = place(isScalar(key) && key.range ? key.range[0] : 0);
      // `token:` with nothing behind it is null in YAML, and means the same as no line.
      if (value === null || (isScalar(value) && value.value === null)) continue;
      if (isMap(value)) walk(value, path);
      else if (isScalar(value)) {
        entries.set(path.join("."), { path: path.join("."), place: at, text: String(value.value) });
      } else problems.push(`${at}: ${path.join(".")} must be a single value`);
    }
  }
}
