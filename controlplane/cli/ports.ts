import type { Host } from "../ports/host.ts";
import type { HttpClient } from "../ports/http.ts";
import type { YamlTools } from "./yaml-tools.ts";

/** All that `expanso-cli` needs of the outside: real in `bin/cli.ts`, in memory in a simulation. */
export interface CliPorts {
  readonly http: HttpClient;
  /** The same without checking certificates, for `--insecure`. */
  readonly insecureHttp: HttpClient;
  readonly host: Pick<Host, "env">;
  readonly files: CliFiles;
  readonly profiles: ProfileStore;
  /**
   * Gives what can read and write YAML. Loading it takes a third of the start-up, and few commands need it;
   * a simulation must have loaded it before, because loading waits for the real disk.
   */
  readonly loadYaml: () => Promise<YamlTools>;
  /** Writes to standard output; `text` brings its own newlines. */
  readonly out: (text: string) => void;
  /** Writes to standard error; `text` brings its own newlines. */
  readonly err: (text: string) => void;
  /** Whether a person is looking at `out`: only then is it coloured. */
  readonly isTerminal: boolean;
}

interface CliFiles {
  /**
   * A file's text, or undefined if there is no such file.
   * @throws Error whose message says why the file cannot be read.
   */
  readFile(path: string): string | undefined;
  readStdin(): Promise<string>;
}

/** Keeps the profiles, as one text. They hold API keys: nobody but the user may read them. */
export interface ProfileStore {
  /** What messages call it: a path. */
  readonly name: string;
  /** The text, or undefined if nothing was written yet. @throws Error as `readFile` does. */
  read(): string | undefined;
  /** @throws Error whose message says why it cannot be written. */
  write(text: string): void;
}
