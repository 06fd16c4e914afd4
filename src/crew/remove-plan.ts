import type { Bead } from '../beads/types.ts';
import { RefusedError } from '../core/errors.ts';
import type { GtError } from '../core/errors.ts';
import { counted } from '../core/text.ts';

/** What is known of a workspace that is to go. */
export interface RemoveFacts {
  readonly rig: string;
  readonly name: string;
  readonly path: string;
  readonly sessionUp: boolean;
  /** Beads it holds, of the rig and of the town. */
  readonly held: readonly Bead[];
  /** undefined = git cannot read the clone. */
  readonly clone: CloneFacts | undefined;
}

export interface CloneFacts {
  /** Paths in no commit, stash entries, an operation under way. */
  readonly dirty: readonly string[];
  /** HEAD and branches whose commits are proved to be nowhere else. */
  readonly loose: readonly string[];
  /** Worktrees that people made of it elsewhere: they live from its objects. */
  readonly linked: readonly string[];
}

/** One step; the order keeps everything reachable whenever it is cut off. */
export type RemoveStep =
  | { readonly do: 'stop-session' }
  /** Everything the clone alone holds goes into rescue refs of the rig's repository. */
  | { readonly do: 'rescue' }
  /** What git cannot read is moved out of the way: nobody can prove what is in it. */
  | { readonly do: 'set-aside' }
  | { readonly do: 'remove-folder' }
  /** Beads open and unassigned, row nuked. Before the folder goes: without it nobody could try again. */
  | { readonly do: 'release'; readonly beads: readonly Bead[] }
  /** Also row, mail and traces of its sessions. */
  | { readonly do: 'purge' };

export type RemovePlan =
  | { readonly ok: true; readonly steps: readonly RemoveStep[] }
  | { readonly ok: false; readonly error: GtError };

export interface RemoveWishes {
  /** Skips the refusals, never the rescue. */
  readonly force: boolean;
  readonly purge: boolean;
}

/** How a person's workspace is removed, or why not. Pure. */
export function planRemove(facts: RemoveFacts, { force, purge }: RemoveWishes): RemovePlan {
  const error = refuseLinked(facts) ?? (force ? undefined : refuseAtStake(facts));
  if (error !== undefined) return { ok: false, error };
  return {
    ok: true,
    steps: [
      ...(facts.sessionUp ? [{ do: 'stop-session' } as const] : []),
      ...(facts.clone === undefined ? [] : [{ do: 'rescue' } as const]),
      { do: 'release', beads: facts.held },
      facts.clone === undefined ? { do: 'set-aside' } : { do: 'remove-folder' },
      ...(purge ? [{ do: 'purge' } as const] : []),
    ],
  };
}

function refuseLinked({ name, clone }: RemoveFacts): GtError | undefined {
  const [first] = clone?.linked ?? [];
  if (first === undefined) return undefined;
  return new RefusedError({
    code: 'crew.has-worktrees',
    message: `the worktree ${first} lives from the clone of ${name}`,
    hint: `Run: git worktree remove ${first}`,
  });
}

function refuseAtStake(facts: RemoveFacts): GtError | undefined {
  const { rig, name, path, held, clone } = facts;
  const force = `gt crew remove ${name} --rig ${rig} --force keeps it in a rescue ref and removes the rest`;
  const refuse = (code: string, message: string, hint: string): GtError =>
    new RefusedError({ code, message, hint });
  if (facts.sessionUp)
    return refuse(
      'crew.session-up',
      `the session of ${name} is up`,
      `Run: gt crew stop ${name} --rig ${rig}`,
    );
  const [bead] = held;
  if (bead !== undefined)
    return refuse('crew.holds-work', `${name} holds ${bead.id}`, `Run: gt unsling ${bead.id}`);
  if (clone === undefined)
    return refuse('crew.unreadable', `git cannot read ${path}`, `Look at it: git -C ${path} status`);
  if (clone.dirty.length > 0) {
    const list = clone.dirty.slice(0, 3).join(', ');
    const what = `${name} has ${counted(clone.dirty.length, 'change')} in no commit: ${list}`;
    return refuse('crew.dirty', what, `Look at them: git -C ${path} status\n${force}`);
  }
  return clone.loose.length === 0
    ? undefined
    : refuse(
        'crew.unpushed',
        `${name} has commits that are on no remote, on ${clone.loose.slice(0, 3).join(', ')}`,
        `Push them: git -C ${path} push origin <branch>\n${force}`,
      );
}
