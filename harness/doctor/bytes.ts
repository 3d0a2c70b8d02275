/** For people: `79.3 GB`, `512 MB`. */
export function asBytes(bytes: number): string {
  if (bytes >= GB) return `${(bytes / GB).toFixed(1)} GB`;
  return `${Math.floor(bytes / MB)} MB`;
}

export const MB = 1e6;
export const GB = 1e9;
