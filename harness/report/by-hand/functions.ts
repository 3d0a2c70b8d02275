/** What every script may need, by name. `since`, `found` and `edges` are its own variables. */
export function baseFunctions(): Readonly<Record<string, string>> {
  return { step: STEP, give_up: GIVE_UP, sees: SEES, seen: SEEN, same: SAME, clean_up: CLEAN_UP };
}

const STEP = String.raw`# step TEXT: what is done next. Only log lines from here on count, by the engine's clock.
step() {
  since=$(docker info --format '{{.SystemTime}}')
  printf '\n%4ss  %s\n' "$SECONDS" "$1"
}`;

const GIVE_UP = String.raw`give_up() {
  echo "$1" >&2
  exit 1
}`;

const SEES = String.raw`# sees MACHINE PATTERN [CHECK…]: follows a machine's log to such a line, or to one after which that check succeeds.
sees() {
  local name=$1 pattern=$2 line end=$((SECONDS + LIMIT))
  shift 2
  [ $# = 0 ] || ! "$@" || return 0
  while [ $SECONDS -lt $end ] && IFS= read -r -t $((end - SECONDS)) line; do
    [[ $line =~ $pattern ]] || continue
    [ $# = 0 ] || "$@" || continue
    echo "       $name: $line"
    return
  done < <(docker logs --follow --since "$since" "$RUN-$name" 2>&1)
  # Time is up, which is when one looks for the last time.
  if [ $# = 0 ] || ! "$@"; then give_up "not within $LIMIT s, in the log of $name: $pattern; $*"; fi
}`;

const SEEN = String.raw`# What there is to see of that which the run found something about.
seen() { picture | awk -F': ' 'NR == FNR { about[$1]; next } $1 in about' <(echo "$found") - | sort; }`;

const SAME = String.raw`same() { [ "$(seen)" = "$found" ]; }`;

const CLEAN_UP = String.raw`# Removes all that this script has made.
clean_up() {
  local it
  if [ "$KEEP" = 1 ]; then
    echo "kept: docker ps --filter label=$LABEL; \`repro clean --all\` removes it" >&2
    return
  fi
  for it in $(docker ps --all --quiet --filter "label=$LABEL"); do docker rm --force "$it"; done
  for it in $(docker volume ls --quiet --filter "label=$LABEL"); do docker volume rm "$it"; done
  for it in $(docker network ls --quiet --filter "label=$LABEL"); do docker network rm "$it"; done
} >/dev/null`;
