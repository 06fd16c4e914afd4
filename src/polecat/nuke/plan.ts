import type { Bead } from '../../beads/types.ts';
import { RefusedError } from '../../core/errors.ts';
import type { GtError } from '../../core/errors.ts';
import { counted } from '../../core/text.ts';
import { atStake } from '../../hooks/worktree-state.ts';
import type { WorktreeState } from '../../hooks/worktree-state.ts';

/** What is known of a worker that is to go. */
export interface NukeFacts {
  readonly rig: string;
  readonly name: string;
  /** It has an agent row that does not say nuked yet. */
  readonly hasRow: boolean;
  readonly hasFolder: boolean;
  /** Its folder is the worktree itself (towns of the first layout). */
  readonly isFlat: boolean;
  readonly sessionUp: boolean;
  /** Beads it holds. */
  readonly held: readonly Bead[];
  /** Merge requests of its submitted work. */
  readonly submitted: readonly { readonly bead: string; readonly mr: string; readonly phase: string }[];
  readonly worktree: WorktreeState;
  /** Local branches that it made. */
  readonly branches: readonly string[];
}

/** One step; the order keeps everything reachable whenever it is cut off. */
export type NukeStep =
  | { readonly do: 'stop-session' }
  /** Everything in the worktree goes into a rescue ref. */
  | { readonly do: 'rescue' }
  /** Beads open and unassigned, row nuked. Before the files: a name must not look free while its data lives. */
  | { readonly do: 'release'; readonly beads: readonly Bead[] }
  | { readonly do: 'remove-worktree' }
  | { readonly do: 'remove-branches'; readonly branches: readonly string[] }
  | { readonly do: 'remove-folder' };

export type NukePlan =
  | { readonly ok: true; readonly steps: readonly NukeStep[] }
  | { readonly ok: false; readonly error: GtError };

export interface NukeWish {
  /** Skips the refusals, never the rescue. */
  readonly force: boolean;
  /** `remove` leaves its local branches: the next try of its bead can go on from them. */
  readonly what: 'nuke' | 'remove';
}

/** How a worker is removed, or why not; no step = it is gone already. Handed-in work always refuses. Pure. */
export function planNuke(facts: NukeFacts, { force, what }: NukeWish): NukePlan {
  const error = refuseSubmitted(facts) ?? (force ? undefined : refuseAtStake(facts));
  if (error !== undefined) return { ok: false, error };
  const { hasFolder, hasRow, held, branches } = facts;
  const steps: NukeStep[] = [];
  if (facts.sessionUp) steps.push({ do: 'stop-session' });
  if (hasFolder) steps.push({ do: 'rescue' });
  if (hasRow || held.length > 0) steps.push({ do: 'release', beads: held });
  if (hasFolder) steps.push({ do: 'remove-worktree' });
  if (what === 'nuke' && branches.length > 0) steps.push({ do: 'remove-branches', branches });
  if (hasFolder && !facts.isFlat) steps.push({ do: 'remove-folder' });
  return { ok: true, steps };
}

function refuseSubmitted({ name, rig, submitted }: NukeFacts): GtError | undefined {
  const [first] = submitted;
  if (first === undefined) return undefined;
  return refuse(
    'nuke.submitted',
    `polecat ${name} has handed in ${first.bead} as ${first.mr} (${first.phase})`,
    `Wait until it has landed, or run: gt mq reject ${rig} ${first.mr} -r "<reason>"`,
  );
}

function refuseAtStake(facts: NukeFacts): GtError | undefined {
  const { rig, name, held, sessionUp, worktree } = facts;
  const [bead] = held;
  const look = `Look at it: gt polecat git-state ${rig}/${name}`;
  if (bead !== undefined)
    return refuse('nuke.holds-work', `polecat ${name} holds ${bead.id}`, `Run: gt unsling ${bead.id}`);
  if (sessionUp)
    return refuse(
      'nuke.session-up',
      `polecat ${name} has a session that is up`,
      `See what it does: gt peek ${rig}/polecats/${name}`,
    );
  if (worktree.kind === 'absent') return undefined;
  if (worktree.kind === 'unreadable')
    return refuse('nuke.unreadable', `git cannot read the worktree of ${name}: ${worktree.why}`, look);
  const stake = atStake(worktree);
  if (stake.length > 0) {
    const what = `${counted(stake.length, 'change')} in no commit: ${stake.slice(0, 3).join(', ')}`;
    return refuse('nuke.dirty', `the worktree of ${name} has ${what}`, look);
  }
  if (worktree.headSafe) return undefined;
  const commits = worktree.unpushed > 0 ? counted(worktree.unpushed, 'commit') : 'commits';
  return refuse('nuke.unpushed', `polecat ${name} has ${commits} on no remote`, look);
}

function refuse(code: string, message: string, hint: string): GtError {
  return new RefusedError({ code, message, hint });
}
