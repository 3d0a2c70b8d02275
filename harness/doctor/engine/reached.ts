import type { Discovery } from "../../engines/docker/discovery.ts";
import { describeEndpoint } from "../../engines/docker/discovery/endpoint.ts";
import { question, type Examination } from "../examination.ts";
import { broken, note, ok, type Judgement } from "../finding.ts";

/** What is configured and silent, or may not be opened, says itself how it is mended. */
export function reached(
  find: () => Promise<Discovery>,
  options: { readonly isNeeded: boolean },
): Examination<Discovery> {
  return question({
    id: "engine",
    asks: "Does a Docker engine answer?",
    why: "In containers the bug is shown with real processes and a real broker. Without an engine runs are simulated; one that is configured and does not answer ends them with exit code 3, unless --engine sim says that none is wanted.",
    mend: "docker version",
    ask: find,
    judge: (found) => judgeReached(found, options),
  });
}

export function judgeReached(found: Discovery, { isNeeded }: { readonly isNeeded: boolean }): Judgement {
  if (found.kind === "found") {
    const where = describeEndpoint(found.endpoint);
    return ok(`${found.title} at ${where}${found.from === where ? "" : `, named by ${found.from}`}`);
  }
  const looked = found.looked.map(({ where, seen }) => `${where} (${seen})`).join(", ");
  const mend = "start Docker (on Debian, as root: bash scripts/debian-engine.sh), or set DOCKER_HOST";
  return isNeeded
    ? broken(`none answers: ${looked}`, mend)
    : note(`none, so runs are simulated: ${looked}`, mend);
}
