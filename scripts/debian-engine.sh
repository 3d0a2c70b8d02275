#!/usr/bin/env bash
# Installs and starts a Docker engine, a nats-server binary and docker-compose on Debian, as root. Does nothing that is
# done already. Started by hand here (no systemd), dockerd leaves its process id in /run/repro-dockerd.pid.
set -euo pipefail

LOG=/var/log/repro-dockerd.log
PID_FILE=/run/repro-dockerd.pid

say() { printf 'debian-engine: %s\n' "$*" >&2; }

answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

if [ "$(id -u)" -ne 0 ]; then
  say "this installs packages and starts a daemon: run it as root (sudo bash $0)"
  exit 3
fi

missing=()
command -v dockerd >/dev/null || missing+=(docker.io)
command -v nats-server >/dev/null || missing+=(nats-server)
# Debian 12 has no plugin, `docker compose`; this one reads the same files.
docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null || missing+=(docker-compose)
if [ ${#missing[@]} -gt 0 ]; then
  say "installing ${missing[*]}"
  apt-get update -qq
  # The packages' own start-up scripts must not fail the installation where there is no init system.
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if answers; then
  say "an engine answers: docker $(docker version --format '{{.Server.Version}}')"
  exit 0
fi

if [ -d /run/systemd/system ]; then
  say "starting docker.service"
  systemctl start docker
else
  say "starting dockerd, log in $LOG"
  rm -f /var/run/docker.pid
  setsid dockerd >"$LOG" 2>&1 </dev/null &
  echo $! >"$PID_FILE"
fi

for _ in $(seq 1 150); do
  if answers; then
    say "an engine answers: docker $(docker version --format '{{.Server.Version}}')"
    exit 0
  fi
  sleep 0.2
done
say "no engine answers after 30 s; the end of $LOG:"
tail -n 20 "$LOG" >&2 || true
exit 3
