import {
  type CleanUp,
  type RunState,
  countThings,
  sayCounts,
  together,
} from "../../engines/docker/clean/plan.ts";
import { question, type Examination } from "../examination.ts";
import { note, ok, type Judgement } from "../finding.ts";

export function leftovers(look: () => Promise<readonly CleanUp[]>): Examination<readonly CleanUp[]> {
  return question({
    id: "leftovers",
    asks: "Has a run that was killed left anything in the engine?",
    why: "It takes memory, disk and addresses. The next run in containers removes it; this command never removes anything.",
    mend: "docker ps -a",
    ask: look,
    judge: judgeLeftovers,
  });
}

export function judgeLeftovers(runs: readonly CleanUp[]): Judgement {
  if (runs.length === 0) return ok("nothing of ours is there");
  const seen = STATES.map(({ state, tell }) => ({ tell, of: runs.filter((run) => run.state === state) }))
    .filter(({ of }) => of.length > 0)
    .map(({ tell, of }) => `${tell} ${countOf(of)}`)
    .join("; ");
  return runs.some(({ state }) => state === "dead") ? note(seen, "repro clean") : ok(seen);
}

const STATES: readonly { readonly state: RunState; readonly tell: string }[] = [
  { state: "dead", tell: "killed:" },
  { state: "alive", tell: "under way:" },
  { state: "kept", tell: "kept, until `repro down --name NAME`:" },
  { state: "elsewhere", tell: "of another host:" },
  { state: "unreadable", tell: "without an owner:" },
];

function countOf(runs: readonly CleanUp[]): string {
  const count = new Set(runs.map(({ run }) => run)).size;
  return `${count} run${count === 1 ? "" : "s"} with ${sayCounts(countThings(together(runs.map(({ things }) => things))))}`;
}
