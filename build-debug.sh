#!/usr/bin/env bash
# Builds the images of the debug stacks, as seeds 001 and 002 have it: a name for `repro images`.
set -euo pipefail

help() {
  cat <<'EOF'
Usage: ./build-debug.sh

Builds expanso-orchestrator:debug (with expanso-cli in it), expanso-edge:debug and expanso-nats:debug, for
docker-compose.debug.yml and docker-compose.debug-fast.yml. What is built already is skipped.

Of what, and what it is the same as:
  EXPANSO_REPO=DIR names a checkout with built Linux programs   ./repro.ts images --system expanso
  a program of those names is in ./bin                          ./repro.ts images --system expanso
  otherwise: the control plane in this repository               ./repro.ts images

The programs are expanso-orchestrator, expanso-edge and expanso-cli; in a checkout they are looked for in bin/, dist/,
build/ and its top folder. Nothing is built of sources there: how, that project says.

Exit codes:
  0    built, or built already
  3    the environment: no engine, no disk, a program missing or not for the engine
  64   wrong usage
EOF
}

case "${1-}" in
-h | --help)
  help
  exit 0
  ;;
?*)
  printf 'build-debug.sh: got "%s", accepted is nothing but --help\n' "$1" >&2
  exit 64
  ;;
esac

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Whoever asks for another build must not get this one: what is seen of it would be told of theirs.
if [ -n "${EXPANSO_REPO-}" ]; then
  # As it was meant where it was typed.
  case "$EXPANSO_REPO" in
  /*) ;;
  *) export EXPANSO_REPO="$PWD/$EXPANSO_REPO" ;;
  esac
  system=expanso
  of="the programs in EXPANSO_REPO=$EXPANSO_REPO"
else
  system=bundled
  of="the control plane in this repository"
  for program in orchestrator edge cli; do
    if [ -e "$here/bin/expanso-$program" ]; then
      system=expanso
      of="the programs in bin/"
    fi
  done
fi
printf 'build-debug.sh: images of %s\n' "$of"
cd "$here"
exec ./repro.ts images --system "$system"
