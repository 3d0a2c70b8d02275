import type { Capability } from "../system.ts";
import type { Binary } from "./binaries.ts";
import { OWN_STACK } from "./knowledge.ts";
import { PATTERNS } from "./patterns.ts";

/**
 * What a build can do that spec 2-contract does not promise, and the words without which it cannot: a program can
 * neither read a setting nor print a line whose name it does not have (docs/decisions/0008).
 */
interface Mark {
  readonly in: Binary;
  readonly words: string;
}

const CAPABILITIES: Readonly<Partial<Record<Capability, Mark>>> = {
  "edge-executions": { in: "expanso-edge", words: "expanso-edge executions" },
  "dispatch-log": { in: "expanso-orchestrator", words: messageOf(PATTERNS.eventBlocked) },
  "illegal-move-log": { in: "expanso-orchestrator", words: messageOf(PATTERNS.illegalMove) },
};

const RECOVERY: Mark = { in: "expanso-orchestrator", words: "scheduler.recovery" };

/** What these programs can do, by what is in them. */
export function abilitiesOf(programs: Readonly<Record<Binary, Pick<Buffer, "includes">>>): {
  readonly capabilities: ReadonlySet<Capability>;
  readonly hasFixes: boolean;
} {
  const has = ({ in: name, words }: Mark) => programs[name].includes(words);
  const marked = Object.entries(CAPABILITIES).filter(([, mark]) => has(mark));
  return {
    capabilities: new Set([...OWN_STACK, ...marked.map(([name]) => name as Capability)]),
    hasFixes: has(RECOVERY),
  };
}

/** The words of a pattern that has no more than words. */
function messageOf({ match }: { readonly match: RegExp }): string {
  return match.source.replace(/^\^/, "").replace("(?= |$)", "");
}
