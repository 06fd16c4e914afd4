#!/bin/sh
# Gas Town branch protection: the registry of rigs is read from this folder, so it stays on its own branch.
# $3 = 1: a branch was checked out (0: only files)
if [ "${3:-0}" = 1 ]; then
  gt_branch=$(git symbolic-ref --quiet --short HEAD || echo '(detached)')
  case $gt_branch in
    main|master|gt_managed) ;;
    *)
      echo "Gas Town: this folder is the root of a town; going back from $gt_branch" >&2
      for gt_home in main master gt_managed; do
        git show-ref --quiet "refs/heads/$gt_home" && git checkout -q "$gt_home" && break
      done
      ;;
  esac
fi
