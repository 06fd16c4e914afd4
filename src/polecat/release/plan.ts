import { RefusedError } from '../../core/errors.ts';
import type { GtError } from '../../core/errors.ts';
import type { ReleaseFacts } from './facts.ts';

/**
 * One step of taking a bead off its holder. Released first: a daemon that sees a stopped worker with work on its
 * name would start it again.
 */
export type ReleaseStep =
  /** Bead open and unassigned, worker idle; the next try goes on from `priorBranch`. */
  | { readonly do: 'release'; readonly priorBranch: string | undefined }
  | { readonly do: 'stop-session' }
  /** What is in the worktree goes into a rescue ref, then the worktree is made clean. */
  | { readonly do: 'rescue' };

export type ReleasePlan =
  | { readonly ok: true; readonly steps: readonly ReleaseStep[] }
  | { readonly ok: false; readonly error: GtError };

const AT_WORK: ReadonlySet<string> = new Set(['hooked', 'in_progress']);

/** How to take the bead off, or why not. Work under way is only interrupted when `force` says so. Pure. */
export function planRelease(facts: ReleaseFacts, { force }: { readonly force: boolean }): ReleasePlan {
  const { bead, mr, worker, sessionUp, branch } = facts;
  if (!AT_WORK.has(bead.status))
    return refuse('unsling.not-held', `${bead.id} is on no hook: it is ${bead.status}`);
  if (mr !== undefined) {
    const hint = `Run: gt mq reject ${facts.rig.name} ${mr.id} -r "<reason>"`;
    return refuse('unsling.submitted', `${bead.id} is handed in as ${mr.id} (${mr.phase})`, hint);
  }
  const stake = atStake(facts);
  if (stake !== undefined && !force) {
    return refuse(
      'unsling.under-way',
      `${bead.id} is under way on ${bead.assignee}: ${stake}`,
      `Look first: gt polecat status ${bead.assignee}; then gt unsling ${bead.id} --force keeps what it made in a rescue ref`,
    );
  }
  const steps: ReleaseStep[] = [{ do: 'release', priorBranch: branch }];
  if (worker !== undefined) {
    if (sessionUp) steps.push({ do: 'stop-session' });
    steps.push({ do: 'rescue' });
  }
  return { ok: true, steps };
}

function atStake({ bead, sessionUp, unsaved, branch }: ReleaseFacts): string | undefined {
  if (unsaved !== undefined) return unsaved;
  if (branch !== undefined) return `its branch ${branch} has commits`;
  if (sessionUp) return 'its session is up';
  return bead.status === 'in_progress' ? 'somebody has begun' : undefined;
}

function refuse(code: string, message: string, hint?: string): ReleasePlan {
  return { ok: false, error: new RefusedError({ code, message, ...(hint === undefined ? {} : { hint }) }) };
}
