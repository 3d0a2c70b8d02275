import type { ThingSeen, ThingState } from "../../engines/docker/ours-seen.ts";
import { question, type Examination } from "../examination.ts";
import { note, ok, type Judgement } from "../finding.ts";

export function leftovers(look: () => Promise<readonly ThingSeen[]>): Examination<readonly ThingSeen[]> {
  return question({
    id: "leftovers",
    asks: "Has a run that was killed left anything in the engine?",
    why: "It takes memory, disk and addresses. The next run in containers removes it; this command never removes anything.",
    mend: "docker ps -a",
    ask: look,
    judge: judgeLeftovers,
  });
}

export function judgeLeftovers(things: readonly ThingSeen[]): Judgement {
  if (things.length === 0) return ok("nothing of ours is there");
  const groups = STATES.map(({ state, tell }) => ({
    of: things.filter((thing) => thing.state === state),
    tell,
  }));
  const seen = groups
    .filter(({ of }) => of.length > 0)
    .map(({ of, tell }) => `${tell} ${countOf(of)}`)
    .join("; ");
  return things.some(({ state }) => state === "dead") ? note(seen, "repro clean") : ok(seen);
}

const STATES: readonly { readonly state: ThingState; readonly tell: string }[] = [
  { state: "dead", tell: "killed:" },
  { state: "alive", tell: "under way:" },
  { state: "kept", tell: "kept, until `repro clean --all`:" },
  { state: "elsewhere", tell: "of another host:" },
  // A container has the labels of its image, whoever started it: Compose, or somebody at a shell.
  { state: "unreadable", tell: "without an owner, started by hand:" },
];

function countOf(things: readonly ThingSeen[]): string {
  const runs = new Set(things.map(({ run }) => run).filter((run) => run !== undefined)).size;
  const of = (kind: ThingSeen["kind"]) => plural(things.filter((thing) => thing.kind === kind).length, kind);
  const counts = `${of("container")}, ${of("network")}, ${of("volume")}`;
  return runs === 0 ? counts : `${plural(runs, "run")} with ${counts}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
