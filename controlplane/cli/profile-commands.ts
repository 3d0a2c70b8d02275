import type { Command } from "commander";
import type { Cli } from "./cli.ts";
import { CliError } from "./cli-error.ts";
import { saidOutright } from "./connection.ts";
import { readProfiles, requireProfile, writeProfiles, type Profile } from "./profiles.ts";
import { renderFacts, renderTable, type Column } from "./table.ts";

/** A profile as it is shown: everything but the key. */
interface ShownProfile {
  readonly name: string;
  readonly current: boolean;
  readonly endpoint?: string | undefined;
  /** Whether there is one. */
  readonly api_key: boolean;
  readonly timeout?: string | undefined;
  readonly insecure: boolean;
}

export function addProfileCommands(group: Command, cli: Cli): void {
  const store = cli.ports.profiles;

  group
    .command("save <name>")
    .description("save --endpoint, --api-key, --timeout and --insecure under a name")
    .option("--select", "use it from now on (the first one saved is anyway)")
    .addHelpText(
      "after",
      "\nExamples:\n  expanso-cli profile save prod --endpoint https://orchestrator.example:9010 --api-key KEY --select",
    )
    .action(async (name: string, flags: { select?: boolean }) => {
      if (!/^[\w.-]+$/.test(name)) {
        throw new CliError(64, `expected a name of letters, digits, _, - and ., saw "${name}"`);
      }
      const settings = saidOutright(cli.ports, cli.flags);
      if (Object.keys(settings).length === 0) {
        throw new CliError(64, "there is nothing to save; give at least --endpoint URL");
      }
      const book = readProfiles(store);
      const profile = { ...book.profiles.get(name), ...settings };
      const current = flags.select === true ? name : (book.current ?? name);
      writeProfiles(store, { current, profiles: new Map(book.profiles).set(name, profile) });
      const selected = current === name ? ", and used from now on" : "";
      await cli.print(
        shown(name, profile, current),
        () => `Profile ${name} saved in ${store.name}${selected}\n`,
      );
    });

  group
    .command("select <name>")
    .description("use a saved profile from now on")
    .action(async (name: string) => {
      const book = readProfiles(store);
      const profile = requireProfile(book, name);
      writeProfiles(store, { ...book, current: name });
      await cli.print(shown(name, profile, name), () => `Profile ${name} is used from now on\n`);
    });

  group
    .command("show [name]")
    .description("what a profile says; the one in use if none is named")
    .action(async (wanted: string | undefined) => {
      const book = readProfiles(store);
      const name = wanted ?? inUse(book.current);
      const profile = shown(name, requireProfile(book, name), book.current);
      await cli.print(profile, () => renderFacts(facts(profile), cli.style));
    });

  group
    .command("list")
    .alias("ls")
    .description("the saved profiles")
    .action(async () => {
      const { profiles, current } = readProfiles(store);
      const rows = [...profiles].map(([name, profile]) => shown(name, profile, current));
      await cli.print(rows, () =>
        rows.length === 0
          ? "No profiles found\n"
          : renderTable(COLUMNS, rows, { wide: true, style: cli.style }),
      );
    });

  group
    .command("current")
    .description("the name of the profile in use")
    .action(async () => {
      const book = readProfiles(store);
      const name = inUse(book.current);
      await cli.print(shown(name, requireProfile(book, name), name), () => `${name}\n`);
    });

  function inUse(current: string | undefined): string {
    const name = cli.flags.profile ?? (cli.ports.host.env("EXPANSO_CLI_PROFILE") || current);
    if (name !== undefined) return name;
    throw new CliError(1, "no profile is in use; expanso-cli profile save NAME --endpoint URL makes one");
  }
}

function shown(name: string, profile: Profile, current: string | undefined): ShownProfile {
  return {
    name,
    current: name === current,
    endpoint: profile.endpoint,
    api_key: profile.apiKey !== undefined,
    timeout: profile.timeout,
    insecure: profile.insecure ?? false,
  };
}

const COLUMNS: readonly Column<ShownProfile>[] = [
  { title: "NAME", cell: ({ name }) => name },
  { title: "IN USE", cell: ({ current }) => (current ? "yes" : "-") },
  { title: "ENDPOINT", cell: ({ endpoint }) => endpoint ?? "-" },
  { title: "API KEY", cell: ({ api_key }) => (api_key ? "saved" : "-") },
];

function facts(profile: ShownProfile): readonly (readonly [string, string | undefined])[] {
  return [
    ["Name", profile.name],
    ["In use", profile.current ? "yes" : "no"],
    ["Endpoint", profile.endpoint],
    ["API key", profile.api_key ? "saved (never shown)" : undefined],
    ["Timeout", profile.timeout],
    ["Insecure", profile.insecure ? "yes" : undefined],
  ];
}
