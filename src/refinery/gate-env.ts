import { createHash } from 'node:crypto';
import type { Sha } from '../core/names.ts';
import type { TownContext } from '../beads/context.ts';
import { pathWithGt } from '../sessions/agent-env.ts';
import { inheritedEnv } from '../sessions/inherited-env.ts';

type Caller = Pick<TownContext, 'env' | 'gtArgv'>;

export interface GateSubject {
  readonly tree: Sha;
  /** Ids of the merge requests in the candidate, in chain order. */
  readonly mrs: readonly string[];
}

/**
 * The complete environment of a gate. It runs the candidate's code, so it sees the tool chains and the network
 * settings, but no agent's keys, nothing of ours and no ssh agent.
 */
export function gateEnv(caller: Caller, subject: GateSubject): Readonly<Record<string, string>> {
  return { ...visible(caller), CI: 'true', GT_MQ_TREE: subject.tree, GT_MQ_MRS: subject.mrs.join(',') };
}

/** Differs from login to login without any bearing on what a gate does. */
const VOLATILE = new Set([
  'TMPDIR',
  'COLORTERM',
  'XDG_SESSION_ID',
  'XDG_RUNTIME_DIR',
  'XDG_VTNR',
  'XDG_SEAT',
]);

/** Changes when the tool chain may have changed: a pass under another PATH is not a pass under this one. */
export function envFingerprint(caller: Caller): string {
  const stable = Object.entries(visible(caller)).filter(([name]) => !VOLATILE.has(name));
  const text = JSON.stringify(stable.sort(([left], [right]) => (left < right ? -1 : 1)));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function visible({ env, gtArgv }: Caller): Record<string, string> {
  const { SSH_AUTH_SOCK: _agent, GNUPGHOME: _keys, ...rest } = inheritedEnv(env, { credentials: false });
  return { ...rest, PATH: pathWithGt(gtArgv, rest['PATH']) };
}
