import { join } from "node:path";
import { list } from "../../text/list.ts";
import { question, type Examination } from "../examination.ts";
import { broken, note, ok, type Judgement } from "../finding.ts";
import type { Host } from "../host.ts";

export interface Package {
  readonly name: string;
  readonly wanted: string;
  readonly installed: string | undefined;
  /** Whether a run needs it, or only whoever checks and tests. */
  readonly isForRuns: boolean;
}

export function packages(host: Host): Examination<readonly Package[]> {
  return question({
    id: "packages",
    asks: "Is everything installed that package.json names?",
    why: "What is missing or of another version fails somewhere in the middle: a run, or a check.",
    mend: MEND,
    ask: async () => await look(host),
    judge: judgePackages,
  });
}

const MEND = "npx --yes pnpm@12 install --frozen-lockfile";

export function judgePackages(all: readonly Package[]): Judgement {
  const wrong = all.filter(({ wanted, installed }) => wanted !== installed);
  if (wrong.length === 0) return ok(`all ${all.length}, as package.json has them`);
  const seen = list(
    wrong.map(
      ({ name, wanted, installed }) => `${name} ${wanted} ${installed ? `is ${installed}` : "is missing"}`,
    ),
  );
  const isRunHit = wrong.some(({ isForRuns, installed }) => isForRuns && installed === undefined);
  return isRunHit ? broken(seen, MEND) : note(seen, MEND);
}

async function look({ repository, read, platform, arch }: Host): Promise<readonly Package[]> {
  const versionIn = async (...path: string[]) => {
    const text = await read(join(repository, ...path, "package.json"));
    return JSON.parse(text ?? "{}") as Manifest;
  };
  const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = await versionIn();
  // There is one for each platform, and only this one's is installed.
  const ours = Object.entries(optionalDependencies).filter(([name]) => name.endsWith(`${platform}-${arch}`));
  const wanted = [
    ...[...Object.entries(dependencies), ...ours].map((entry) => [...entry, true] as const),
    ...Object.entries(devDependencies).map((entry) => [...entry, false] as const),
  ];
  return await Promise.all(
    wanted.map(async ([name, version, isForRuns]) => {
      const { version: installed } = await versionIn("node_modules", name);
      return { name, wanted: version, installed, isForRuns };
    }),
  );
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
