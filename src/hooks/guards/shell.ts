import { lexShell } from './lexer.ts';
import type { RawCommand } from './lexer.ts';

/** How deep scripts in scripts are followed; deeper ones do not occur outside puzzles. */
const MAX_DEPTH = 10;

/**
 * The simple commands that a shell text would run, as words: those of `a && b | c`, `$(d)`, `bash -c "e"`,
 * `xargs f`, `find -exec g`, heredocs fed to a shell, with the programs taken off that only run another one.
 * Nothing is run or looked up, so variables stay as they are written.
 */
export function simpleCommands(text: string, depth = 0): readonly (readonly string[])[] {
  if (depth > MAX_DEPTH) return [];
  const { commands, nested } = lexShell(text);
  const own = commands.map((command) => ({ command, words: unwrap(command.words) }));
  const scripts = own.flatMap(({ command, words }, index) => [
    ...scriptsOf(words, command),
    ...fedScripts(words, command, commands[index - 1]),
  ]);
  const starters = own.flatMap(({ words }) => startedBy(words));
  return [
    ...own.map(({ words }) => words).filter((words) => words.length > 0),
    ...starters,
    ...[...nested, ...scripts].flatMap((script) => simpleCommands(script, depth + 1)),
  ];
}

/** Words before a command that change nothing about what it is. */
const KEYWORDS: ReadonlySet<string> = new Set(
  'if then elif else do while until ! time coproc builtin exec nohup setsid command fakeroot chronic'.split(
    ' ',
  ),
);

/** Programs that run what follows their options, with those options that take a word of their own. */
const RUNNERS: Readonly<Record<string, RegExp>> = {
  env: /^-[uC]$|^--(?:unset|chdir)$/,
  nice: /^-n$|^--adjustment$/,
  ionice: /^-[cn]$/,
  stdbuf: /^-[ioe]$/,
  timeout: /^-[ks]$|^--(?:kill-after|signal)$/,
  xargs: /^-[IEeLlnPsad]$|^--(?:max-args|max-procs|replace|delimiter|arg-file)$/,
  flock: /^-[wE]$/,
  strace: /^-[eopsS]$/,
  watch: /^-[nd]$/,
  parallel: /^-[jN]$/,
};

/** The words without assignments, keywords and programs that only run another one; the program without its folder. */
function unwrap(words: readonly string[]): readonly string[] {
  let rest = words;
  for (;;) {
    const [first = '', second = ''] = rest;
    const program = baseName(first);
    const options = Object.hasOwn(RUNNERS, program) ? RUNNERS[program] : undefined;
    // `command -v x` asks where x is.
    if (program === 'command' && /^-[pvV]*[vV]/.test(second)) return [program, ...rest.slice(1)];
    if (/^[A-Za-z_]\w*\+?=/.test(first)) rest = rest.slice(1);
    else if (KEYWORDS.has(program)) rest = withoutOptions(rest.slice(1), /^$/);
    else if (options !== undefined) rest = runBy(program, rest.slice(1), options);
    else return rest.length === 0 ? rest : [program, ...rest.slice(1)];
  }
}

function runBy(program: string, words: readonly string[], options: RegExp): readonly string[] {
  const rest = withoutOptions(words, options);
  // The duration of `timeout`, the lock file of `flock`.
  return program === 'timeout' || program === 'flock' ? rest.slice(1) : rest;
}

function withoutOptions(words: readonly string[], withValue: RegExp): readonly string[] {
  let at = 0;
  while (at < words.length && words[at]?.startsWith('-') === true)
    at += withValue.test(words[at] ?? '') ? 2 : 1;
  return words.slice(at);
}

function baseName(path: string): string {
  return path.replace(/^.*\//s, '');
}

const SHELL = /^(?:ba|z|da|k|a)?sh$/;

/** Scripts that are given to another program as a word: `bash -c "…"`, `eval "…"`, `git rebase -x "…"`. */
function scriptsOf(words: readonly string[], command: RawCommand): readonly string[] {
  const [program = '', ...rest] = words;
  if (program === 'eval') return [rest.join(' ')];
  if (program === 'trap') return rest.slice(0, 1);
  if (SHELL.test(program)) return afterFlag(rest, /^-[a-zA-Z]*c$/);
  if (program === 'su' || program === 'script') return afterFlag(rest, /^-[a-z]*c$|^--command$/);
  // `watch 'make test'`, `env -S 'make test'`: the whole command in one word.
  if (/\s/.test(program) && command.words[0] !== program) return [words.join(' ')];
  return program === 'git' ? gitScripts(rest) : [];
}

function afterFlag(words: readonly string[], flag: RegExp): readonly string[] {
  return words.flatMap((word, index) => (flag.test(word) ? words.slice(index + 1, index + 2) : []));
}

function gitScripts(words: readonly string[]): readonly string[] {
  const scripts = afterFlag(words, /^(?:-x|--exec|foreach)$/);
  const joined = words.flatMap((word) => /^--exec=(.*)$/s.exec(word)?.[1] ?? []);
  const aliases = words.flatMap((word) => /^alias\.[^=]+=!(.*)$/s.exec(word)?.[1] ?? []);
  return [...scripts, ...joined, ...aliases];
}

/** What a shell reads from standard input: its heredoc, or the text of the echo before it. */
function fedScripts(
  words: readonly string[],
  command: RawCommand,
  before: RawCommand | undefined,
): readonly string[] {
  const [program = '', ...rest] = words;
  if (!SHELL.test(program) && program !== 'source' && program !== '.') return [];
  const hasFile = rest.some((word) => !word.startsWith('-') && word !== '/dev/stdin');
  if (hasFile && SHELL.test(program)) return [];
  if (!command.isPiped || before === undefined) return command.input;
  const [printer = '', ...texts] = unwrap(before.words);
  const isPrinter = printer === 'echo' || printer === 'printf';
  return [...command.input, ...before.input, ...(isPrinter ? [texts.join(' ')] : [])];
}

/** Commands among the arguments of others: `find … -exec rm {} +`, `git bisect run make`. */
function startedBy(words: readonly string[]): readonly (readonly string[])[] {
  const [program = '', ...rest] = words;
  if (program === 'find' || program === 'fd') {
    return rest.flatMap((word, index) =>
      /^-(?:exec|execdir|ok|okdir)$/.test(word) || (program === 'fd' && /^-[xX]$/.test(word))
        ? [unwrap(untilEnd(rest.slice(index + 1)))]
        : [],
    );
  }
  const run = program === 'git' ? rest.indexOf('run') : -1;
  return run > 0 && rest[run - 1] === 'bisect' ? [unwrap(rest.slice(run + 1))] : [];
}

function untilEnd(words: readonly string[]): readonly string[] {
  const end = words.findIndex((word) => word === ';' || word === '+');
  return end < 0 ? words : words.slice(0, end);
}
