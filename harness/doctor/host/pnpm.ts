import { question, type Examination } from "../examination.ts";
import { note, ok, type Judgement } from "../finding.ts";
import type { Host } from "../host.ts";

export interface PackageManager {
  /** Undefined where there is none, or none that says its version. */
  readonly pnpm: string | undefined;
  readonly npx: string | undefined;
}

/** The one whose lockfile and settings these are. */
const MAJOR = 12;

export function pnpm(host: Host): Examination<PackageManager> {
  return question({
    id: "pnpm",
    asks: "Is there a pnpm, or an npx that gets one?",
    why: "It installs exactly what the lockfile says, and starts everything on the pinned Node.",
    mend: "install Node with npm: https://nodejs.org",
    isOptional: true,
    ask: async (signal) => {
      // Whoever started this need not be on the PATH: npx keeps what it fetched elsewhere.
      const starter = /^pnpm\/(?<version>\S+)/.exec(host.env["npm_config_user_agent"] ?? "")?.groups?.[
        "version"
      ];
      const version = async (program: string) => versionIn(await host.run(program, ["--version"], signal));
      return { pnpm: starter ?? (await version("pnpm")), npx: await version("npx") };
    },
    judge: judgePnpm,
  });
}

export function judgePnpm({ pnpm, npx }: PackageManager): Judgement {
  const byNpx = `npx --yes pnpm@${MAJOR} does for it`;
  if (pnpm?.startsWith(`${MAJOR}.`) === true) return ok(`pnpm ${pnpm}`);
  if (pnpm !== undefined)
    return note(
      `pnpm ${pnpm}; the lockfile is of pnpm ${MAJOR}`,
      npx === undefined ? `npm install --global pnpm@${MAJOR}` : `npx --yes pnpm@${MAJOR} instead of pnpm`,
    );
  if (npx !== undefined) return ok(`no pnpm; npx ${npx} is there: ${byNpx}`);
  return note("neither pnpm nor npx", "install Node with npm: https://nodejs.org");
}

function versionIn(text: string | undefined): string | undefined {
  return /\d+\.\d+\.\d+\S*/.exec(text ?? "")?.[0];
}
