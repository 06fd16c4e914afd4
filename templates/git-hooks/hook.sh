#!/bin/sh
# Written by gt, the same text for every hook: what is changed here is lost. Runs the hook that git would run without
# gt, with the same arguments, input and exit code. Before a push: a polecat pushes its own branch and nothing else, and
# what is gathered on an integration branch reaches the default branch as a whole or not at all.
name=${0##*/}
own=${0%/*}
rig=${own%/.runtime/git-hooks}
input=

# worker and branch: whose push this is; both stay empty for an agent of another rig. False: no polecat's.
is_polecat() {
  worker=
  branch=
  here=$(pwd -P)
  case ${GT_ROLE:-} in
    "${rig##*/}"/polecats/*) worker=${GT_ROLE##*/} ;;
    */polecats/*) return 0 ;;
    '')
      case $here in
        "$rig"/polecats/*)
          worker=${here#"$rig"/polecats/}
          worker=${worker%%/*}
          ;;
        *) return 1 ;;
      esac
      ;;
    *) return 1 ;;
  esac
  [ -r "$rig/polecats/$worker/.gt-agent" ] || return 0
  while IFS= read -r line; do
    case $line in
      *'"branch": "'*)
        branch=${line#*'"branch": "'}
        branch=${branch%%'"'*}
        ;;
    esac
  done <"$rig/polecats/$worker/.gt-agent"
}

# Reads `<local ref> <local id> <remote ref> <remote id>` lines; the first field may hold blanks.
check_push() {
  while IFS= read -r line; do
    input="$input$line
"
    rest=${line% *}
    ref=${rest##* }
    rest=${rest% *}
    case ${rest##* } in
      *[!0]*) ;;
      *) refuse "$ref" ;;
    esac
    case $ref in
      "refs/heads/$branch") [ -n "$branch" ] || refuse "$ref" ;;
      "refs/heads/polecat/$worker/"* | "refs/heads/polecat/$worker-"*) [ -n "$worker" ] || refuse "$ref" ;;
      *) refuse "$ref" ;;
    esac
  done
}

refuse() {
  printf "gt: '%s' is not yours to push: your work lands through the merge queue, gt done hands it in\n" \
    "${1#refs/heads/}" >&2
  exit 1
}

# The same lines, of somebody who may push. $1: URL of the remote.
check_landing() {
  find_default
  while IFS= read -r line; do
    input="$input$line
"
    old=${line##* }
    rest=${line% *}
    ref=${rest##* }
    rest=${rest% *}
    new=${rest##* }
    if [ "$ref" = "refs/heads/$default" ] && [ "${GT_INTEGRATION_LAND:-}" != 1 ]; then
      case $new in
        *[!0]*) keep_apart "$1" "$new" "$old" ;;
      esac
    fi
  done
}

find_default() {
  default=main
  [ -r "$rig/config.json" ] || return 0
  while IFS= read -r line; do
    case $line in
      *'"default_branch": "'*)
        default=${line#*'"default_branch": "'}
        default=${default%%'"'*}
        ;;
    esac
  done <"$rig/config.json"
}

# Does moving the default branch from $3 to $2 bring the tip of an integration branch onto it? The remote itself is asked:
# what is here may be old.
keep_apart() {
  if ! tips=$(git ls-remote -- "$1" 'refs/heads/integration/*' 2>/dev/null </dev/null); then
    printf 'gt: the remote does not say which integration branches it has: try again when it answers\n' >&2
    exit 1
  fi
  while read -r tip branch; do
    [ -n "$tip" ] || continue
    git merge-base --is-ancestor "$tip" "$2" 2>/dev/null </dev/null || continue
    git merge-base --is-ancestor "$tip" "$3" 2>/dev/null </dev/null && continue
    printf "gt: this would land '%s', which lands as a whole: gt mq integration land\n" \
      "${branch#refs/heads/}" >&2
    exit 1
  done <<END
$tips
END
}

# The folder that counts without ours: the last of system, user and repository.
find_hook() {
  folder=
  while IFS= read -r value; do
    if [ "$value" != "$own" ]; then folder=$value; fi
  done <<END
$(git config --path --get-all core.hooksPath 2>/dev/null)
END
  hook=${folder:-$rig/.repo.git/hooks}/$name
  if [ -z "$folder" ] && [ ! -x "$hook" ]; then hook=.githooks/$name; fi
  if [ -f "$hook" ] && [ -x "$hook" ] && ! [ "$hook" -ef "$0" ]; then return 0; fi
  # Git LFS finds its place taken and puts no hook of its own there.
  case $name in
    pre-push | post-checkout | post-commit | post-merge)
      hook=lfs
      [ -d "$rig/.repo.git/lfs" ] && command -v git-lfs >/dev/null 2>&1
      ;;
    *) return 1 ;;
  esac
}

guarded=
if [ "$name" = pre-push ]; then
  guarded=yes
  if is_polecat; then check_push; else check_landing "${2:-}"; fi
fi
find_hook || exit 0
if [ "$hook" = lfs ]; then
  hook=git
  set -- lfs "$name" "$@"
fi
if [ -z "$guarded" ]; then exec "$hook" "$@"; fi
printf '%s' "$input" | "$hook" "$@"
