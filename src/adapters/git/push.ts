import { hideSecrets } from '../../core/secrets.ts';
import { oneLine } from '../../core/text.ts';
import type { RunResult } from '../../ports/processes.ts';
import type { PushOutcome, PushSpec, PushUpdate } from '../../ports/git.ts';
import { PUSH_TIMEOUT_MS } from './network.ts';
import { gitFailed, lastLine, words, type GitRunner } from './run.ts';

/** Pushes the updates, all or none. The repository's pre-push hook runs, unless the caller
 * skips it: it guards the protected branches. */
export async function push(git: GitRunner, repo: string, spec: PushSpec): Promise<PushOutcome> {
  const args = pushArgs(spec);
  const result = await git.run({
    repo,
    args,
    ...(spec.hooks === 'skip' ? {} : { hooks: 'run' as const }),
    timeoutMs: spec.timeoutMs ?? PUSH_TIMEOUT_MS,
    ...(spec.env === undefined ? {} : { env: spec.env }),
  });
  if (result.end === 'not-started') throw gitFailed(args, result.why);
  // What we name does not exist here: a mistake of ours, not an answer of the remote.
  if (/bad object|does not match any/.test(result.stderr)) throw gitFailed(args, lastLine(result.stderr));
  return outcomeOf(result);
}

function pushArgs({ to, updates }: PushSpec): readonly string[] {
  return [
    ...words('push --porcelain --atomic --no-follow-tags --no-signed --recurse-submodules=no'),
    ...updates.flatMap(leaseOf),
    '--',
    to,
    ...updates.map(({ ref, sha }) => `${sha ?? ''}:${ref}`),
  ];
}

function leaseOf({ ref, lease }: PushUpdate): readonly string[] {
  return lease === undefined ? [] : [`--force-with-lease=${ref}:${lease === 'absent' ? '' : lease}`];
}

/** Reads the end of `git push --porcelain`. The verdict on what is true remains the remote's own ref. */
export function outcomeOf(result: RunResult): PushOutcome {
  if (result.end === 'exit' && result.code === 0) return { pushed: true };
  if (result.end === 'timeout') return refused('timeout', 'no end within the time limit');
  if (result.end !== 'exit') return refused('unreachable', 'broken off');
  const refusals = result.stdout
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.split('\t')[2] ?? '');
  const stale = refusals.find((text) => STALE.test(text));
  if (stale !== undefined) return refused('stale', stale);
  const rejected = refusals.find((text) => !/atomic push failed/.test(text)) ?? refusals[0];
  if (rejected !== undefined) return refused('rejected', withReason(rejected, result.stderr));
  // Exit 1 without a line per ref: the pre-push hook said no. 128: no conversation with the remote took place.
  return result.code === 1
    ? refused('rejected', withReason('the pre-push hook refused', result.stderr))
    : withoutAnswer(result.stderr);
}

/**
 * Somebody else moved the ref: seen before the push (stale info, fetch first, non-fast-forward), or by the remote
 * while it took it (a lock on the ref, an old value that no longer fits, the transaction of a simultaneous push).
 */
const STALE =
  /stale info|fetch first|non-fast-forward|needs force|already exists|failed to update ref|cannot lock ref|incorrect old value|atomic transaction failed|remote ref updated since checkout|reference already exists/i;

function withoutAnswer(stderr: string): PushOutcome {
  const denied =
    /permission .*denied|authentication failed|returned error: 40[13]|terminal prompts disabled/i;
  return refused(denied.test(stderr) ? 'rejected' : 'unreachable', lastLine(stderr));
}

function withReason(text: string, stderr: string): string {
  const said = stderr
    .split('\n')
    .map((line) => line.replace(/^remote:\s*/, '').trim())
    .filter((line) => line !== '' && !/^error: failed to push|^To /.test(line))
    .slice(0, 3)
    .join('; ');
  return said === '' ? text : `${text}: ${said}`;
}

function refused(cause: 'stale' | 'rejected' | 'unreachable' | 'timeout', why: string): PushOutcome {
  // The remote's own words.
  return { pushed: false, cause, why: hideSecrets(oneLine(why, 500)) };
}
