// By position, not by name: an object of named groups for each field is a good part of reading a log.
const FIELD = /(?:^|\s)([A-Za-z_][\w.]*)=("(?:[^"\\]|\\.)*"|\S*)/gs;

/** The `key=value` of a line; a value with spaces is quoted as in JSON. */
export function readFields(text: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, key = "", value = ""] of text.matchAll(FIELD)) fields[key] = unquote(value);
  return fields;
}

export function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}

/** As `readFields` reads them. */
export function writeField(key: string, value: string): string {
  return ` ${key}=${/^$|[\s"=]/.test(value) ? JSON.stringify(value) : value}`;
}
