#!/usr/bin/env bash
# Builds the images of the debug stacks, as seeds 001 and 002 have it: a name for `repro images`.
set -euo pipefail

help() {
  cat <<'EOF'
Usage: ./build-debug.sh

Builds expanso-orchestrator:debug (with expanso-cli in it), expanso-edge:debug and expanso-nats:debug from the
control plane in this repository, for docker-compose.debug.yml and docker-compose.debug-fast.yml. What is built
already is skipped. The same as `./repro.ts images`.

Images of another build, from EXPANSO_REPO or from binaries in ./bin, cannot be made yet: it refuses rather than
build something else under their name.

Exit codes:
  0    built, or built already
  3    the environment: no engine, no disk
  64   wrong usage, or another build was asked for
EOF
}

refuse() {
  printf 'build-debug.sh: %s\n' "$@" >&2
  exit 64
}

case "${1-}" in
-h | --help)
  help
  exit 0
  ;;
?*) refuse "got \"$1\", accepted is nothing but --help" ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")"

# Whoever asks for another build must not get this one: what is seen of it would be told of theirs. Images of such builds
# are to be made here.
if [ -n "${EXPANSO_REPO-}" ]; then
  refuse "EXPANSO_REPO=$EXPANSO_REPO: images of an Expanso checkout cannot be built yet" \
    "without it, ./build-debug.sh builds the control plane in this repository"
fi
for program in orchestrator edge cli; do
  [ ! -e "bin/expanso-$program" ] || refuse "bin/expanso-$program: images of binaries cannot be built yet" \
    "without bin/, ./build-debug.sh builds the control plane in this repository"
done

exec ./repro.ts images
