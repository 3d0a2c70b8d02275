import { createApi, type Api } from "./api.ts";
import { resolveConnection, type ConnectionFlags } from "./connection.ts";
import type { CliPorts } from "./ports.ts";
import { createStyle, type Style } from "./style.ts";

/** What commands share: the outside, the orchestrator, and one way to print. */
export interface Cli {
  readonly ports: CliPorts;
  readonly flags: GlobalFlags;
  readonly style: Style;
  /** The orchestrator that flags, environment and profile name. @throws CliError if they name none. */
  connect(): Api;
  /** Prints a result as `--format` says. `asText` makes the table, and is not called for the other formats. */
  print(value: unknown, asText: () => string | Promise<string>): Promise<void>;
}

export interface GlobalFlags extends ConnectionFlags {
  readonly format: "table" | "json" | "yaml";
  readonly wide?: boolean;
  readonly style: boolean;
}

/** @param flags asked only while a command runs, when all arguments have been read */
export function createCli(ports: CliPorts, flags: () => GlobalFlags): Cli {
  return {
    ports,
    get flags() {
      return flags();
    },
    get style() {
      const isPlain = !flags().style || (ports.host.env("NO_COLOR") ?? "") !== "";
      return createStyle({ isColoured: ports.isTerminal && !isPlain });
    },
    connect() {
      const connection = resolveConnection(ports, flags());
      return createApi(connection.insecure ? ports.insecureHttp : ports.http, connection);
    },
    async print(value, asText) {
      ports.out(await format(value, asText));
    },
  };

  async function format(value: unknown, asText: () => string | Promise<string>): Promise<string> {
    switch (flags().format) {
      case "json":
        return `${JSON.stringify(value, null, 2)}\n`;
      case "yaml":
        return (await ports.loadYaml()).toYaml(value);
      case "table":
        return asText();
    }
  }
}
