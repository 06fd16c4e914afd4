import type { Sha } from '../core/names.ts';

/** What lies at a worker's worktree path. */
export type PlaceKind =
  | 'absent'
  /** Left by a creation that was killed at its start. */
  | 'empty'
  | 'worktree'
  /** Files that git does not know as a worktree. */
  | 'foreign';

export interface WorktreeFacts {
  readonly place: PlaceKind;
  /** The worker's folder is a worktree itself, as in towns of the first layout. */
  readonly flat: boolean;
  /** Git still lists a worktree at this path. */
  readonly listed: boolean;
  /** `dispatch` of `.gt-agent`: the worktree was finished for that one. */
  readonly finishedFor: string | undefined;
  /** Tip of the wanted branch in the bare repository; undefined = there is no such branch yet. */
  readonly branchTip: Sha | undefined;
}

export interface WorktreeGoal {
  readonly dispatch: string;
  readonly branch: string;
  /** Commit the branch must stand on. */
  readonly start: Sha;
}

/** One step of making a worktree ready. Every list can be run again from its first step after a kill. */
export type WorktreeStep =
  /** Whole and made for this dispatch: an agent may have worked in it, so nothing is touched. */
  | { readonly do: 'keep' }
  | { readonly do: 'remove-empty' }
  /** Rescues and removes a worktree of the first layout: it lies where the folder must be. */
  | { readonly do: 'remove-flat' }
  /** Moves unknown files out of the way, into the rig's runtime folder. */
  | { readonly do: 'set-aside' }
  /** Drops git's record of a worktree whose folder is gone. */
  | { readonly do: 'forget' }
  /** Rescues and drops what an earlier user left. */
  | { readonly do: 'clean' }
  /** Brings an existing branch (of an earlier try) to the start commit. */
  | { readonly do: 'move-branch'; readonly from: Sha }
  | { readonly do: 'add' }
  /** Checks the branch out, making it at `start` when there is none. */
  | { readonly do: 'switch' };

/** How to get from what is there to the goal. Pure. */
export function planWorktree(goal: WorktreeGoal, facts: WorktreeFacts): readonly WorktreeStep[] {
  if (facts.place === 'worktree' && facts.finishedFor === goal.dispatch) return [{ do: 'keep' }];
  return [...planPlace(facts), ...planBranch(goal, facts), { do: 'switch' }];
}

function planPlace({ place, flat, listed }: WorktreeFacts): readonly WorktreeStep[] {
  if (flat) return [{ do: 'remove-flat' }, { do: 'add' }];
  const forget: readonly WorktreeStep[] = listed ? [{ do: 'forget' }] : [];
  switch (place) {
    case 'worktree':
      return [{ do: 'clean' }];
    case 'absent':
      return [...forget, { do: 'add' }];
    case 'empty':
      return [{ do: 'remove-empty' }, ...forget, { do: 'add' }];
    case 'foreign':
      return [{ do: 'set-aside' }, ...forget, { do: 'add' }];
  }
}

function planBranch(goal: WorktreeGoal, { branchTip }: WorktreeFacts): readonly WorktreeStep[] {
  return branchTip === undefined || branchTip === goal.start ? [] : [{ do: 'move-branch', from: branchTip }];
}
