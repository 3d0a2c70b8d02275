import type { ThingState } from "../../engines/docker/clean.ts";
import type { ThingSeen } from "../../engines/docker/ours-seen.ts";
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
  if (things.some(({ state }) => state === "dead")) return note(seen, "repro clean");
  if (things.some(({ state }) => state === "unreadable"))
    return note(seen, "repro clean --all, when nothing else runs: it spares nobody");
  return ok(seen);
}

const STATES: readonly { readonly state: ThingState; readonly tell: string }[] = [
  { state: "dead", tell: "killed:" },
  { state: "alive", tell: "under way:" },
  { state: "kept", tell: "kept, until `repro clean --all`:" },
  { state: "elsewhere", tell: "of another host:" },
  { state: "unreadable", tell: "nobody's:" },
];

function countOf(things: readonly ThingSeen[]): string {
  const runs = new Set(things.map(({ run }) => run)).size;
  const of = (kind: ThingSeen["kind"]) => plural(things.filter((thing) => thing.kind === kind).length, kind);
  return `${plural(runs, "run")} with ${of("container")}, ${of("network")}, ${of("volume")}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
