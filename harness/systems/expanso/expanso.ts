import { parseDocument } from "yaml";
import type { ImageSource } from "../../engines/engine.ts";
import { readProgram } from "../../programs/read-program.ts";
import type { JobFile, System } from "../system.ts";
import { BINARIES, locateBinaries, type Binary } from "./binaries.ts";
import { FIXES, knowledge, NATS_IMAGE, OWN_STACK, TOOLS } from "./knowledge.ts";
import { abilitiesOf } from "./marks.ts";

/**
 * What goes for each such build, and is all there is to know of one of which a stack stands: its images are in the engine,
 * its programs may be gone from here, and the fix that it takes was looked at when the stack was made.
 */
export const standingExpanso: System = {
  ...knowledge,
  name: "expanso",
  isSimulated: false,
  capabilities: new Set(OWN_STACK),
  fixes: FIXES,
  images: [],
  checkJobFile,
};

/**
 * A build of somebody's own: three Linux programs, run in containers through the same CLI as ours.
 * @throws EnvironmentError for a program that is not there, or is none.
 */
export async function createExpansoSystem(at: {
  readonly repository: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<System> {
  const paths = locateBinaries(at);
  const bytes = await Promise.all(
    BINARIES.map(async (name) => [name, await readProgram(paths[name])] as const),
  );
  const { capabilities, hasFixes } = abilitiesOf(Object.fromEntries(bytes) as Record<Binary, Buffer>);
  return {
    ...standingExpanso,
    capabilities,
    fixes: hasFixes ? FIXES : ["none"],
    images: imagesOf(paths),
  };
}

function imagesOf(paths: Readonly<Record<Binary, string>>): ImageSource[] {
  return [
    NATS_IMAGE,
    {
      key: "orchestrator",
      tag: "expanso-orchestrator:debug",
      dockerfile: "docker/orchestrator.Dockerfile",
      base: "node",
      bundles: TOOLS,
      files: {},
      programs: {
        "expanso-orchestrator": paths["expanso-orchestrator"],
        "expanso-cli": paths["expanso-cli"],
      },
      // Whether another build can prove anything to a broker is not known: theirs lets everybody in.
      args: { ORCHESTRATOR: "expanso-orchestrator", CLI: "expanso-cli", BROKER: "open" },
    },
    {
      key: "edge",
      tag: "expanso-edge:debug",
      dockerfile: "docker/edge.Dockerfile",
      base: "node",
      bundles: {},
      files: {},
      programs: { "expanso-edge": paths["expanso-edge"] },
      args: { EDGE: "expanso-edge" },
    },
  ];
}

/** Only whether it is YAML: what else a job may say, the build itself knows, and says when it is deployed. */
function checkJobFile({ name, text }: JobFile): Promise<readonly string[]> {
  const problems = parseDocument(text).errors.map(({ linePos, message }) => {
    const [start] = linePos ?? [];
    const [what = ""] = message.split("\n");
    return `${name}:${start?.line ?? 1}:${start?.col ?? 1}: ${what.replace(/ at line \d+.*$/, "")}`;
  });
  if (problems.length === 0 && text.trim() === "") return Promise.resolve([`${name}:1:1: it is empty`]);
  return Promise.resolve(problems);
}
