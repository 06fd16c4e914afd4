# Gas Town: in a repository that is a rig of a town, gt and bd know the town and the rig. Sourced by bash and zsh.
# GASTOWN_DISABLED=1 turns it off, and so does a file .gastown-ignore in the repository.

_gastown_cd() {
  _gastown_status=$?
  if [ "${GASTOWN_DISABLED:-}" != 1 ] && [ "$PWD" != "${_gastown_pwd:-}" ]; then
    _gastown_pwd=$PWD
    _gastown_enter "$(git rev-parse --show-toplevel 2>/dev/null)"
  fi
  return "$_gastown_status"
}

# $1: the repository around the folder, '' outside of one
_gastown_enter() {
  [ "$1" != "${_gastown_repo:-}" ] || return 0
  _gastown_repo=$1
  if [ -n "${_gastown_set:-}" ]; then
    unset GT_TOWN_ROOT GT_ROOT GT_RIG _gastown_set
  fi
  # Somebody who set them by hand means them.
  if [ -z "$1" ] || [ -e "$1/.gastown-ignore" ] || [ -n "${GT_TOWN_ROOT:-}${GT_ROOT:-}" ]; then
    return 0
  fi
  _gastown_lookup "$1" && return 0
  _gastown_ask "$1"
  [ -n "${_gastown_set:-}" ] || ! _gastown_offer "$1" || _gastown_ask "$1"
  return 0
}

_gastown_ask() {
  {{gt}} rig detect "$1" --cache {{cache}} >/dev/null 2>&1 && _gastown_lookup "$1"
}

# Asks once for each repository whether it shall be a rig; only where a person sits who can answer.
_gastown_offer() {
  case $- in
    *i*) [ -t 0 ] && [ -t 1 ] && {{gt}} rig quick-add "$1" --ask-once {{asked}} ;;
    *) return 1 ;;
  esac
}

# The cache is data: a line is <repository> TAB <town> TAB <rig>, compared whole and never evaluated. No town = no rig.
_gastown_lookup() {
  [ -r {{cache}} ] || return 1
  while IFS='	' read -r _gastown_dir _gastown_town _gastown_rig; do
    [ "$_gastown_dir" = "$1" ] || continue
    if [ -n "$_gastown_town" ]; then
      export GT_TOWN_ROOT="$_gastown_town" GT_ROOT="$_gastown_town" GT_RIG="$_gastown_rig"
      _gastown_set=1
    fi
    return 0
  done < {{cache}}
  return 1
}

if [ -n "${ZSH_VERSION:-}" ]; then
  autoload -Uz add-zsh-hook && add-zsh-hook chpwd _gastown_cd
  _gastown_cd
elif [ -n "${BASH_VERSION:-}" ]; then
  case ";${PROMPT_COMMAND:-};" in
    *';_gastown_cd;'*) ;;
    *) PROMPT_COMMAND="_gastown_cd${PROMPT_COMMAND:+;$PROMPT_COMMAND}" ;;
  esac
fi
