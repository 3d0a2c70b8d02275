/**
 * A process's own folder of small text files. Paths are relative, with `/`.
 * What was written survives a kill of the process; only what was synced survives a power loss.
 */
export interface Disk {
  /** The file's text, or undefined if there is no such file. */
  read(path: string): string | undefined;
  /** Replaces the whole file, atomically: a reader sees the old text or the new, never a part. */
  write(path: string, text: string): void;
  /** Removes the file; does nothing if there is none. */
  remove(path: string): void;
  /** Names of the files directly in a folder, sorted; empty if there is no such folder. */
  list(folder: string): string[];
  /** Makes everything written so far survive a power loss. */
  sync(): void;
}
