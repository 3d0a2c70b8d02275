#!/bin/sh
# Runs a script of this repository on the Node that it pins, in whatever folder one is, and installs what that needs
# first. A folder of somebody else's has no such Node, and the one of the system may not read TypeScript.
here=$(dirname "$(readlink -f "$1")")
if ! command -v npx >/dev/null; then
  echo "repro: npx is not to be found; install Node.js with npm, any that is maintained: https://nodejs.org" >&2
  exit 3
fi
# pnpm installs where something has changed, and then runs nothing.
if ! npx --yes pnpm@12 --silent --dir "$here" exec true >&2; then
  echo "repro: what it needs could not be installed; see why: cd $here && npx --yes pnpm@12 install" >&2
  exit 3
fi
# How it says that it is to be called again.
export REPRO_CALLED_AS="$1"
# In place of this shell: whoever sends a signal reaches the command itself.
exec "$here/node_modules/.bin/node" "$@"
