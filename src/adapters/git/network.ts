import { ExternalError, UnavailableError } from '../../core/errors.ts';
import { hideSecrets } from '../../core/secrets.ts';
import { gitFailed, lastLine, type GitCall, type GitRunner } from './run.ts';

export const LIST_TIMEOUT_MS = 60_000;
export const PUSH_TIMEOUT_MS = 60_000;
export const FETCH_TIMEOUT_MS = 15 * 60_000;
export const CLONE_TIMEOUT_MS = 60 * 60_000;

/** An HTTP transfer that stands still this long is given up. */
const STALL = ['-c', 'http.lowSpeedLimit=1', '-c', 'http.lowSpeedTime=60'];

const UNREACHABLE =
  /does not appear to be a git repository|could not read from remote|unable to access|could not resolve|connection (?:refused|reset|timed out|closed)|network is unreachable|no route to host|host key verification failed|remote end hung up|early eof|repository .* (?:not found|does not exist)|couldn't connect|operation timed out|cannot run ssh/i;
const DENIED =
  /permission denied|authentication failed|could not read (?:username|password)|terminal prompts disabled|returned error: 40[13]|access denied/i;

export type RemoteTrouble = 'unreachable' | 'denied' | 'other';

function troubleOf(stderr: string): RemoteTrouble {
  if (DENIED.test(stderr)) return 'denied';
  return UNREACHABLE.test(stderr) ? 'unreachable' : 'other';
}

/**
 * Runs a git command that talks to a remote. Throws UnavailableError `git.remote-unreachable` when the remote
 * does not answer (or not in time), ExternalError `git.remote-denied` when it does not let us in.
 */
export async function askRemote(git: GitRunner, call: GitCall): Promise<string> {
  const result = await git.run({ ...call, args: [...STALL, ...call.args] });
  if (result.end === 'timeout') throw unreachable(`no answer within ${(call.timeoutMs ?? 0) / 1000} s`);
  if (result.end === 'not-started') throw gitFailed(call.args, result.why);
  if (result.end === 'exit' && result.code === 0) return result.stdout;
  const why = lastLine(result.stderr);
  switch (troubleOf(result.stderr)) {
    case 'unreachable':
      throw unreachable(why);
    case 'denied':
      throw new ExternalError({
        code: 'git.remote-denied',
        message: hideSecrets(`the remote refuses access: ${why}`),
        hint: 'Check your credentials for it: git ls-remote must work without asking',
      });
    case 'other':
      throw gitFailed(call.args, why);
  }
}

function unreachable(why: string): UnavailableError {
  return new UnavailableError({
    code: 'git.remote-unreachable',
    message: hideSecrets(`the remote does not answer: ${why}`),
    hint: 'Check the URL and the network, then run the command again',
  });
}
