import type { ScriptOrder } from '../../beads/forms/sling-terms.ts';
import type { AgentFile } from '../../hooks/agent-file.ts';
import type { GitCommit, WorktreeStatus } from '../../ports/git.ts';
import { mayOrderScript } from './rights.ts';

export interface ScriptFacts {
  readonly order: ScriptOrder | undefined;
  readonly status: WorktreeStatus;
  /** HEAD of the worktree. */
  readonly head: GitCommit | undefined;
  /** What the worktree was made for. */
  readonly file: AgentFile | undefined;
  readonly bead: string;
}

export type ScriptPlan =
  | { readonly do: 'refuse'; readonly why: string }
  /** An earlier run of this dispatch got as far as its commit. */
  | { readonly do: 'hand-in' }
  | {
      readonly do: 'run';
      readonly order: ScriptOrder;
      /** A killed run left changes or commits that must go first. */
      readonly clean: boolean;
      readonly file: AgentFile;
    };

/** What the runner does with the worktree as it finds it. Pure. */
export function planScript({ order, status, head, file, bead }: ScriptFacts): ScriptPlan {
  if (order === undefined) return { do: 'refuse', why: 'there is no script on this bead' };
  if (!mayOrderScript(order.by)) return { do: 'refuse', why: `a script set by '${order.by}' is not run` };
  if (file === undefined) return { do: 'refuse', why: 'the worktree was not made for this dispatch' };
  const dirty = status.changed.length + status.untracked.length > 0 || status.operation !== undefined;
  if (!dirty && isOurCommit(head, { start: file.start, bead })) return { do: 'hand-in' };
  return { do: 'run', order, clean: dirty || head?.sha !== file.start, file };
}

/** The commit that the runner itself makes, on top of where this dispatch started. */
function isOurCommit(
  head: GitCommit | undefined,
  { start, bead }: { readonly start: string; readonly bead: string },
): boolean {
  if (head === undefined || head.parents[0] !== start) return false;
  return head.message.split('\n').includes(`Gt-Issue: ${bead}`);
}
