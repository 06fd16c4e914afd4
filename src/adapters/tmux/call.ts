import { ExternalError } from '../../core/errors.ts';
import type { Files } from '../../ports/files.ts';
import type { Processes } from '../../ports/processes.ts';

export interface TmuxOptions {
  /** Name of the town's socket. */
  readonly socket: string;
  /** Where our settings are written, below the town. */
  readonly configFile: string;
  readonly files: Files;
  readonly processes: Processes;
  /** The caller's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Words of a shell line that start this gt for this town: key bindings, menus and bars run it. */
  readonly gtLine: string;
  /** Where the text of every bar lies while it is fresh: seconds since 1970, then `session text` per line. */
  readonly barsFile: string;
}

export interface TmuxTools extends TmuxOptions {
  readonly program: readonly [string, ...string[]];
}

export type Answer =
  { readonly ok: true; readonly stdout: string } | { readonly ok: false; readonly why: string };

export const ANSWER_MS = 15_000;
/** What tmux says when nothing runs on the socket; anything else is "could not look". */
export const NO_SERVER =
  /no server running on|server exited unexpectedly|lost server|error connecting to .*\((?:No such file or directory|Connection refused)\)/;
export const NO_SESSION = /can't find (?:session|window|pane)|no such session|session not found/;

/** Runs one tmux command. @param env the caller's own where tmux must know from which client it comes */
export async function ask(
  tools: TmuxTools,
  args: readonly string[],
  env: Readonly<Record<string, string>> = cleanEnv(tools.env),
): Promise<Answer> {
  const result = await tools.processes.run({ argv: [...tools.program, ...args], env, timeoutMs: ANSWER_MS });
  switch (result.end) {
    case 'exit':
      if (result.code === 0) return { ok: true, stdout: result.stdout };
      return { ok: false, why: result.stderr.trim() || `tmux ended with ${result.code}` };
    case 'not-started':
      return { ok: false, why: result.why.includes('ENOENT') ? 'tmux is not installed' : result.why };
    case 'signal':
    case 'timeout':
    case 'aborted':
      return { ok: false, why: `tmux did not answer (${result.end})` };
  }
}

/** As `ask`; a refusal throws ExternalError `tmux.failed`. */
export async function change(
  tools: TmuxTools,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<void> {
  const answer = await ask(tools, args, env);
  if (!answer.ok) throw failed(tools, answer.why);
}

export function failed(tools: TmuxTools, why: string): ExternalError {
  return new ExternalError({
    code: 'tmux.failed',
    message: `tmux (socket ${tools.socket}): ${why}`,
    hint: `Look yourself: tmux -L ${tools.socket} list-sessions`,
  });
}

const SERVER_ENV = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TERM',
  'TZ',
  'TMUX_TMPDIR',
  'GT_TEST_RUN',
];

/**
 * What the server keeps and hands to every pane: whoever starts it first must not leak an identity or secrets.
 */
export function cleanEnv(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    SERVER_ENV.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
