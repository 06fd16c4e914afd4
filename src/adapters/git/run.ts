import { dirname, resolve } from 'node:path';
import { ExternalError } from '../../core/errors.ts';
import { hideSecrets } from '../../core/secrets.ts';
import { oneLine } from '../../core/text.ts';
import type { Processes, RunResult } from '../../ports/processes.ts';
import { gitEnv } from './env.ts';

/** Enough for the file list of a very large repository. */
const KEEP_BYTES = 512 * 1024 * 1024;

export interface GitDeps {
  readonly processes: Pick<Processes, 'run'>;
  /** The caller's environment; what git must not see of it is taken out here. */
  readonly env: Readonly<Record<string, string>>;
}

export interface GitCall {
  /** Git directory or worktree; undefined = no repository (ls-remote of a URL, clone). */
  readonly repo: string | undefined;
  readonly args: readonly string[];
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Let the repository's hooks run (push only). */
  readonly hooks?: 'run';
}

export interface GitAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs git once. */
export interface GitRunner {
  /** The answer whatever the exit code; throws ExternalError `git.failed` when git did not run to its end. */
  ask(call: GitCall): Promise<GitAnswer>;
  /** Standard output of a call that must succeed; throws ExternalError `git.failed` with git's own last line. */
  output(repo: string | undefined, args: readonly string[], more?: Partial<GitCall>): Promise<string>;
  /** How the process ended, timeouts included. */
  run(call: GitCall): Promise<RunResult>;
}

export function createGitRunner(deps: GitDeps): GitRunner {
  const base = gitEnv(deps.env);
  const run = (call: GitCall): Promise<RunResult> =>
    deps.processes.run({
      argv: argvOf(call),
      env: { ...base, ...ceiling(call.repo), ...call.env },
      cwd: '/',
      keepBytes: KEEP_BYTES,
      ...(call.input === undefined ? {} : { input: call.input }),
      ...(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs }),
    });
  const ask = async (call: GitCall): Promise<GitAnswer> => {
    const result = await run(call);
    if (result.end !== 'exit') throw brokenOff(call, result);
    if (result.truncated === true) throw gitFailed(call.args, 'the output is too large');
    return result;
  };
  const output: GitRunner['output'] = async (repo, args, more) => {
    const answer = await ask({ repo, args, ...more });
    if (answer.code !== 0) throw gitFailed(args, lastLine(answer.stderr));
    return answer.stdout;
  };
  return { run, ask, output };
}

/** Settings of the user that start programs, hide something or change what a command prints or does, set back. */
const SETTINGS: readonly string[] = [
  'core.fsmonitor=false',
  'core.quotePath=true',
  'safe.bareRepository=all',
  'submodule.recurse=false',
  'diff.orderFile=/dev/null',
  'diff.relative=false',
  'i18n.commitEncoding=UTF-8',
  'i18n.logOutputEncoding=UTF-8',
  'advice.detachedHead=false',
  // Cleaning up is the daemon's: git would do it behind the back of a command that is over.
  'gc.auto=0',
  'maintenance.auto=false',
];

function argvOf({ repo, args, hooks }: GitCall): readonly [string, ...string[]] {
  const settings = hooks === 'run' ? SETTINGS : [...SETTINGS, 'core.hooksPath=/dev/null'];
  const place = repo === undefined ? [] : ['-C', repo];
  return ['git', ...place, ...settings.flatMap((setting) => ['-c', setting]), ...args];
}

/**
 * Without a ceiling git would look for a repository in the folders above when this one has none: a command for a
 * broken worktree would then act on whatever contains the town.
 */
function ceiling(repo: string | undefined): Readonly<Record<string, string>> {
  return { GIT_CEILING_DIRECTORIES: repo === undefined ? '/' : dirname(resolve(repo)) };
}

function brokenOff(call: GitCall, result: RunResult): ExternalError {
  switch (result.end) {
    case 'not-started':
      return new ExternalError({
        code: 'git.not-started',
        message: `cannot run git: ${result.why}`,
        hint: 'Install git, then run the command again',
      });
    case 'timeout':
      return gitFailed(call.args, `no end after ${Math.round((call.timeoutMs ?? 0) / 1000)} s`);
    case 'signal':
      return gitFailed(call.args, `ended by ${result.signal}`);
    case 'aborted':
    case 'exit':
      return gitFailed(call.args, 'broken off');
  }
}

/** ExternalError `git.failed`: the git command in words, then why. */
export function gitFailed(args: readonly string[], why: string): ExternalError {
  const hint = hintFor(why);
  return new ExternalError({
    code: 'git.failed',
    message: hideSecrets(
      `git ${commandOf(args)}: ${why === '' ? 'failed without a word' : oneLine(why, 500)}`,
    ),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The command's name without options and their values. */
function commandOf(args: readonly string[]): string {
  const first = args.findIndex((arg, index) => !arg.startsWith('-') && args[index - 1] !== '-c');
  return args[first] ?? '';
}

function hintFor(why: string): string | undefined {
  if (why.includes('dubious ownership')) {
    return 'It belongs to another user. Run: git config --global --add safe.directory <that folder>';
  }
  if (why.includes('index.lock')) return 'If no git runs there, remove that file, then run the command again';
  return why.includes('No space left') ? 'Free some space, then run the command again' : undefined;
}

/** The line of git's stderr that says what went wrong, without its `fatal: ` or `error: `. */
export function lastLine(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const at = lines.findIndex((line) => /^(?:fatal|error): /.test(line));
  // With this git only passes on that ssh failed; ssh's own line before it says why.
  const cause = lines[at] === 'fatal: Could not read from remote repository.' ? lines[at - 1] : undefined;
  const telling = cause ?? lines[at] ?? lines.at(-1) ?? '';
  return telling.replace(/^(?:fatal|error): /, '');
}

/** Options written as one line of a shell would be: `words('-r -z')`. */
export function words(text: string): readonly string[] {
  return text.split(' ');
}
