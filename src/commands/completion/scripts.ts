/** What `completion` prints: each asks `<program> __complete <words>`, which answers in lines of `value<TAB>about` and `:<bits>`. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

export interface ScriptFacts {
  /** `gt`, or the name that GT_COMMAND gives it: letters, digits, `_` and `-`. */
  readonly program: string;
  /** `__complete` or `__completeNoDesc`. */
  readonly request: string;
}

export function completionScript(shell: Shell, facts: ScriptFacts): string {
  return SCRIPTS[shell]({ ...facts, name: facts.program.replaceAll('-', '_') }).trim();
}

type Fill = (facts: ScriptFacts & { readonly name: string }) => string;

const SCRIPTS: Readonly<Record<Shell, Fill>> = {
  bash: ({ program, request, name }) => `
# bash completion of ${program}. For this shell: source <(${program} completion bash)
# For good: ${program} completion bash > ~/.local/share/bash-completion/completions/${program}
__${name}_completion() {
  local word trimmed rest=\${COMP_LINE:0:COMP_POINT} i line value about bits=4
  local -a words=() values=() abouts=()
  # Bash also cuts words at = and : - what no blank parts is one word.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    trimmed=\${rest#"\${rest%%[![:space:]]*}"}
    word=\${COMP_WORDS[i]}
    if ((i == COMP_CWORD)); then word=$trimmed; fi
    if ((i > 0)) && [[ $trimmed == "$rest" ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    rest=\${trimmed#"$word"}
  done
  while IFS= read -r line; do
    if [[ $line == :* ]]; then
      bits=\${line#:}
      continue
    fi
    value=\${line%%$'\\t'*}
    about=\${line#"$value"}
    values+=("$value")
    abouts+=("\${about#$'\\t'}")
  done < <(command ${program} ${request} "\${words[@]:1}" 2>/dev/null)
  COMPREPLY=()
  compopt -o nosort 2>/dev/null
  if ((bits == 0)); then
    compopt -o default 2>/dev/null
    return
  fi
  word=\${words[\${#words[@]} - 1]}
  local cut=\${word%"\${word##*[=:]}"} width=\${COLUMNS:-80}
  for ((i = 0; i < \${#values[@]}; i++)); do
    value=\${values[i]#"$cut"}
    # Only in a list that is shown, of which nothing is typed for the user.
    if [[ $COMP_TYPE == 63 && -n \${abouts[i]} ]]; then
      printf -v value '%-20s  (%s)' "$value" "\${abouts[i]}"
      if ((\${#value} > width - 2)); then value=\${value:0:width - 3}…; fi
    fi
    COMPREPLY+=("$value")
  done
}
complete -F __${name}_completion ${program}
`,
  zsh: ({ program, request, name }) => `
#compdef ${program}
# zsh completion of ${program}. For this shell: source <(${program} completion zsh)
# For good: ${program} completion zsh > <a folder of your fpath>/_${program}
_${name}() {
  local line value bits=4
  local -a described
  while IFS= read -r line; do
    if [[ $line == :* ]]; then
      bits=\${line#:}
      continue
    fi
    value=\${line%%$'\\t'*}
    if [[ $line == *$'\\t'* ]]; then
      described+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
    else
      described+=("\${value//:/\\\\:}")
    fi
  done < <(command ${program} ${request} "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)
  if [[ $bits == 0 ]]; then
    _files
  elif (($#described > 0)); then
    _describe -V '${program}' described
  fi
}
if [[ "\${funcstack[1]-}" == _${name} ]]; then
  _${name} "$@"
elif (($+functions[compdef])); then
  compdef _${name} ${program}
fi
`,
  fish: ({ program, request, name }) => `
# fish completion of ${program}. For this shell: ${program} completion fish | source
# For good: ${program} completion fish > ~/.config/fish/completions/${program}.fish
function __${name}_completion
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines (command ${program} ${request} $words[2..-1] "$current" 2>/dev/null)
    if test "$lines[-1]" = ':0'
        __fish_complete_path "$current"
        return
    end
    string match -rv '^:[0-9]+$' -- $lines
end
complete -c ${program} -f -k -a '(__${name}_completion)'
`,
  powershell: ({ program, request }) => `
# PowerShell completion of ${program}. For this shell: ${program} completion powershell | Out-String | Invoke-Expression
# For good: put that line into the file that $PROFILE names.
Register-ArgumentCompleter -Native -CommandName '${program}' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    & ${program} ${request} @words "$wordToComplete" 2>$null | Where-Object { $_ -notmatch '^:' } | ForEach-Object {
        $value, $about = $_ -split "\`t", 2
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
    }
}
`,
};
