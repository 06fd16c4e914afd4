#!/bin/sh
# Healthy = the daemon runs and answers, and the ledger answers.
set -eu
cd "${GT_TOWN:-/gt}"
gt daemon status --json | grep -q '"answers": true' || { echo 'the daemon does not answer'; exit 1; }
gt store status >/dev/null || exit 1
