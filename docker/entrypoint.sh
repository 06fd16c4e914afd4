#!/bin/sh
# Starts a town in $GT_TOWN (default /gt), makes it at the first start, and takes it down when the container is stopped.
# A command given to the container runs beside the town; without one it waits. Run by tini.
set -eu
town=${GT_TOWN:-/gt}

# The home is a volume: told again at every start, since either may have changed.
if [ -n "${GIT_USER:-}" ]; then git config --global user.name "$GIT_USER"; fi
if [ -n "${GIT_EMAIL:-}" ]; then git config --global user.email "$GIT_EMAIL"; fi

if [ ! -f "$town/mayor/town.json" ] || [ -f "$town/.gt-installing" ]; then
  gt install "$town" --store "${GT_STORE:-sqlite}" --git
fi
cd "$town"
gt up

down() {
  trap '' TERM INT
  gt down
  kill "$child" 2>/dev/null || :
  exit 0
}
if [ $# -gt 0 ]; then "$@" & else tail -f /dev/null & fi
child=$!
trap down TERM INT
status=0
wait "$child" || status=$?
gt down
exit "$status"
