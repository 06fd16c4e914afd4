import { RefusedError } from '../../core/errors.ts';
import type { GtError } from '../../core/errors.ts';
import { counted } from '../../core/text.ts';

/** What is known of a worker that is to go. */
export interface NukeFacts {
  readonly rig: string;
  readonly name: string;
  /** It has an agent row that does not say nuked yet. */
  readonly hasRow: boolean;
  readonly hasFolder: boolean;
  readonly sessionUp: boolean;
  /** Beads it holds. */
  readonly held: readonly string[];
  /** Merge requests of its submitted work. */
  readonly submitted: readonly { readonly bead: string; readonly mr: string; readonly phase: string }[];
  /** Paths in no commit; undefined = git cannot tell. */
  readonly dirty: readonly string[] | undefined;
  /** Its HEAD is proved to be elsewhere; undefined = there is no worktree. */
  readonly headSafe: boolean | undefined;
  /** Local branches that it made. */
  readonly branches: readonly string[];
}

/** One step; the order keeps everything reachable whenever it is cut off. */
export type NukeStep =
  | { readonly do: 'stop-session' }
  /** Everything in the worktree goes into a rescue ref. */
  | { readonly do: 'rescue' }
  /** Beads open and unassigned, row nuked. Before the files: a name must not look free while its data lives. */
  | { readonly do: 'release'; readonly beads: readonly string[] }
  | { readonly do: 'remove-worktree' }
  | { readonly do: 'remove-branches'; readonly branches: readonly string[] }
  | { readonly do: 'remove-folder' };

export type NukePlan =
  | { readonly ok: true; readonly steps: readonly NukeStep[] }
  | { readonly ok: false; readonly error: GtError };

/** How a worker is removed, or why not; no step = it is gone already. `force` skips the refusals, never the rescue; handed-in work always refuses. Pure. */
export function planNuke(facts: NukeFacts, { force }: { readonly force: boolean }): NukePlan {
  const error = refuseSubmitted(facts) ?? (force ? undefined : refuseAtStake(facts));
  if (error !== undefined) return { ok: false, error };
  const steps: NukeStep[] = [];
  if (facts.sessionUp) steps.push({ do: 'stop-session' });
  if (facts.hasFolder) steps.push({ do: 'rescue' });
  if (facts.hasRow || facts.held.length > 0) steps.push({ do: 'release', beads: facts.held });
  if (facts.hasFolder) steps.push({ do: 'remove-worktree' });
  if (facts.branches.length > 0) steps.push({ do: 'remove-branches', branches: facts.branches });
  if (facts.hasFolder) steps.push({ do: 'remove-folder' });
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
  const { rig, name, held, sessionUp, dirty, headSafe } = facts;
  const [bead] = held;
  if (bead !== undefined)
    return refuse('nuke.holds-work', `polecat ${name} holds ${bead}`, `Run: gt unsling ${bead}`);
  if (sessionUp)
    return refuse(
      'nuke.session-up',
      `polecat ${name} has a session that is up`,
      `See what it does: gt peek ${rig}/polecats/${name}`,
    );
  if (dirty === undefined)
    return refuse(
      'nuke.unreadable',
      `git cannot read the worktree of ${name}`,
      `Look at it: ls ${rig}/polecats/${name}`,
    );
  if (dirty.length > 0) {
    const names = dirty.slice(0, 3).join(', ');
    return refuse(
      'nuke.dirty',
      `the worktree of ${name} has ${counted(dirty.length, 'change')} in no commit: ${names}`,
      `Look at them: gt polecat status ${rig}/${name}`,
    );
  }
  return headSafe === false
    ? refuse(
        'nuke.unpushed',
        `polecat ${name} has commits that are on no remote`,
        `Look at them: gt polecat status ${rig}/${name}`,
      )
    : undefined;
}

function refuse(code: string, message: string, hint: string): GtError {
  return new RefusedError({ code, message, hint });
}
