import type { LogPattern } from "../../logs/pattern.ts";
import type { ByHand, LookOut, NamedWait } from "../system.ts";
import { NATS, ORCHESTRATOR } from "./machines.ts";
import { BROKER, PATTERNS } from "./patterns.ts";

/** What a person does and looks at: `expanso-cli`, `expanso-edge executions`, and the lines that the harness knows. */
export const expansoByHand: ByHand = {
  functions: {
    give: String.raw`# give MACHINE…: what each has to find on a new volume: keys that the stack makes itself, so that nobody types one.
give() {
  local name files="" own="volume-label=$PROJECT,volume-label=$LABEL"
  for name; do
    shift # one machine less, and at the end what it takes
    case $name in
      nats) files+=" --nats-conf /given/nats/auth.conf" ;;
      orchestrator) continue ;;
      *) files+=" --token-file /given/$name/bootstrap-token" ;;
    esac
    set -- "$@" --mount "type=volume,source=$RUN-$name,target=/given/$name,$own"
  done
  docker run --rm --label "$PROJECT" --label "$LABEL" \
    --mount "type=volume,source=$RUN-orchestrator,target=/var/lib/expanso/orchestrator,$own" "$@" \
    --entrypoint /usr/local/bin/new-cluster expanso-orchestrator:debug $files
}`,
    cli: String.raw`# The CLI, in the orchestrator's own container.
cli() { docker exec "$RUN-orchestrator" expanso-cli "$@"; }`,
    picture: String.raw`# What there is to see, a line each: jobs, executions, and what each of $edges itself says that it runs.
picture() {
  local edge runs
  cli job list | awk 'NR > 1 { print "job " $2 ": " $5 }'
  cli execution list | awk 'NR > 1 { print $2 " v" $3 " on " $4 ": " $5 ", desired " $6 }'
  for edge in $edges; do
    runs=$(docker exec "$RUN-$edge" expanso-edge executions | awk 'NR > 1 { print $3 " " $4 }' | sort | paste -s -d , -)
    [ -n "$runs" ] || runs=nothing
    echo "$edge itself: runs $runs"
  done
}`,
    believed: String.raw`# believed STATE EDGE…: the orchestrator says so of each, of the node that it is now by its last handshake: an edge that
# came back under a new id has two of its name.
believed() {
  local state=$1 nodes log edge id is
  shift
  nodes=$(cli node list --wide)
  log=$(docker logs "$RUN-orchestrator" 2>&1)
  for edge; do
    id=$(sed -nE "s/.*HANDSHAKE: Node handshake completed.* node_id=([^ ]+) node_name=$edge( .*)?$/\1/p" <<<"$log" | tail -n 1)
    is=$(awk -v id="$id" -v name="$edge" '$1 == id || id == "" && $2 == name { print $3, $4 }' <<<"$nodes")
    [[ $is == "$state"* ]] || return
  done
}`,
    job_is: String.raw`# job_is JOB STATE MESSAGE: the orchestrator says so, in words that begin like that.
job_is() { grep -Eq "^[^ ]+ +$1 +[^ ]+ +[0-9]+ +$2( +$3|$)" <<<"$(cli job list)"; }`,
    runs_on: String.raw`# runs_on JOB EDGE…: its newest version runs on each.
runs_on() {
  local job=$1 version rows edge
  shift
  version=$(cli job list | awk -v job="$job" '$2 == job { print $4 }')
  rows=$(cli execution list --job "$job" --job-version "$version" --state running)
  for edge; do grep -Eq " $edge +running" <<<"$rows" || return; done
}`,
    has_settled: String.raw`# has_settled JOB EDGE…: it runs on each, and the job itself has left "deploying".
has_settled() { runs_on "$@" && ! job_is "$1" deploying ""; }`,
    joins_handled: String.raw`# Every join that was put into a batch has been looked at.
joins_handled() {
  docker logs "$RUN-orchestrator" 2>&1 | awk '
    /REEVALUATOR: queuing for batch/ { waiting++ }
    /REEVALUATOR: Processing batch - START/ { sub(/.* events=/, ""); waiting -= $1 }
    END { exit waiting != 0 }'
}`,
  },
  deploy: ({ force }) =>
    `docker exec --interactive "$RUN-${ORCHESTRATOR}" expanso-cli job deploy -${force ? " --force" : ""}`,
  stopJob: (job) => `cli job stop ${job}`,
  lookOut,
  anyChange: { on: ORCHESTRATOR, line: "(STATUS|RECONCILER|NODE): " },
  evidence: ({ jobs, edges }) => [
    "cli node list",
    "cli job list",
    "cli execution list",
    ...edges.map((edge) => `echo "${edge}:" && docker exec "$RUN-${edge}" expanso-edge executions`),
    `docker logs "$RUN-${ORCHESTRATOR}" 2>&1 | grep -E '(DISPATCH|PUBLISH|RECONCILER): .* job=(${jobs.map(literal).join("|")})( |$)|NODE: leave' || true`,
    `docker logs "$RUN-${NATS}" 2>&1 | grep -E '\\[(PUB|MSG) expanso\\.node\\.[^. ]+\\.in ' || true`,
  ],
};

/** The beginnings of these messages are enough to know them by. */
const SENT = "PUBLISH: ";
const LOOKED = "RECONCILER: Checking rollout completion ";

function lookOut(wait: NamedWait): readonly LookOut[] {
  const inLog = (line: string, rest = "", check?: string): LookOut => ({
    on: ORCHESTRATOR,
    line: line + rest,
    ...(check === undefined ? {} : { check }),
  });
  switch (wait.is) {
    case "serving":
      return [inLog(ere(PATTERNS.apiListening))];
    case "broker-back":
      return [{ on: NATS, line: `${ere(BROKER.opened)}.*"expanso-${ORCHESTRATOR}"` }];
    case "joins-handled":
      return [inLog(ere(PATTERNS.batchStarted), "", "joins_handled")];
    case "ready":
      return [inLog(ere(PATTERNS.dataPlaneReady), "", `believed "connected ready" ${wait.edges.join(" ")}`)];
    case "handshake":
      return wait.edges.map((edge) => inLog(ere(PATTERNS.handshake), fields({ node_name: edge })));
    case "believed":
      return [
        {
          on: ORCHESTRATOR,
          line: `NODE: leave - marked ${wait.connection}`,
          check: `believed ${wait.connection} ${wait.edges.join(" ")}`,
        },
      ];
    case "line":
      return linesOf(wait.pattern, wait.edges);
    case "dispatched":
      return wait.edges.map((edge) => ({
        on: ORCHESTRATOR,
        line: `${SENT}${fields({ node_name: edge, job: wait.job })}`,
      }));
    case "ended":
      return wait.edges.map((edge) => ({
        on: edge,
        line: `${ere(PATTERNS.edgeStateChanged)}.* job=${literal(wait.job)} .*to=(completed|failed)( |$)`,
      }));
    case "planned":
      return [inLog(LOOKED, fields({ job: wait.job }))];
    case "running": {
      const check = `${wait.whole ? "has_settled" : "runs_on"} ${wait.job} ${wait.edges.join(" ")}`;
      return [inLog(LOOKED, fields({ job: wait.job }), check)];
    }
    case "job-state": {
      const check = `job_is ${wait.job} ${wait.state} "${wait.message}"`;
      return [inLog(LOOKED, fields({ job: wait.job }), check)];
    }
  }
}

/** The lines of one pattern; of a client of the broker the record has the name in another place. */
function linesOf(name: string, edges: readonly string[]): LookOut[] {
  const pattern = [...Object.values(PATTERNS), ...Object.values(BROKER)].find((known) => known.name === name);
  if (pattern === undefined) throw new Error(`no log pattern ${name}`);
  if (edges.length === 0) return [{ on: pattern.source, line: ere(pattern) }];
  return edges.map((edge) => {
    if (pattern.source === "edge") return { on: edge, line: ere(pattern) };
    const who = pattern.source === NATS ? `.*expanso-edge ${literal(edge)}"` : fields({ node_name: edge });
    return { on: pattern.source, line: ere(pattern) + who };
  });
}

/** The pattern as `grep -E` takes it. What follows the message is a field or the end of the line in any case. */
function ere({ match }: LogPattern): string {
  return match.source
    .replace(/^\^/, "")
    .replace("(?= |$)", "")
    .replaceAll(/\(\?(?:<\w+>|:)/g, "(")
    .replaceAll(String.raw`\d`, "[0-9]")
    .replaceAll(".*?", ".*");
}

/** In the order in which the line has them. */
function fields(wanted: Readonly<Record<string, string>>): string {
  const words = Object.entries(wanted).map(([name, value]) => ` ${name}=${literal(value)}`);
  return `.*${words.join("( .*)?")}( |$)`;
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
