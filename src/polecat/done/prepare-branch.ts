import type { TownContext } from '../../beads/context.ts';
import { emailOf, formatAddress } from '../../core/address.ts';
import { RefusedError } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import { counted, oneLine } from '../../core/text.ts';
import { readTownSettings } from '../../town/settings.ts';
import type { DoneSubject } from './facts.ts';
import { sortLeftovers } from './leftovers.ts';
import type { DoneWork } from './work.ts';

/** G2: what the agent left uncommitted; deletions stay out, because a cleaned-up folder is no decision to delete. */
export async function commitLeftovers(
  ctx: TownContext,
  { bead, row }: DoneSubject,
  work: DoneWork,
): Promise<Sha> {
  const { worktrees } = ctx.ports.git;
  const domain = (await readTownSettings(ctx)).get('agent_email_domain');
  const { address } = row;
  const name = address.role === 'polecat' ? address.name : formatAddress(address);
  const made = await worktrees.commitAll(work.worktree, {
    message: `${oneLine(bead.title, 100)}\n\nGt-Issue: ${bead.id}`,
    author: { name, email: emailOf(address, domain) },
    excludes: work.leftovers.leave,
    keepDeletions: false,
  });
  const left = sortLeftovers(await worktrees.status(work.worktree)).take;
  if (left.length > 0) {
    throw new RefusedError({
      code: 'done.still-dirty',
      message: `${counted(left.length, 'change')} not committed: ${left.slice(0, 3).join(', ')}`,
      hint: 'Commit them (deletions too), or run: git restore <path>',
    });
  }
  return made ?? work.head;
}

/** The dispatch's branch is what is handed in; work on another branch or a detached HEAD moves it forward, never back. */
export async function placeBranch(
  ctx: TownContext,
  { subject, work, head }: { readonly subject: DoneSubject; readonly work: DoneWork; readonly head: Sha },
): Promise<void> {
  const { objects } = ctx.ports.git;
  const { bare } = subject.rig.paths;
  if (work.status.operation !== undefined) return;
  const ref = `refs/heads/${work.branch}`;
  const tip = await objects.resolve(bare, ref);
  if (tip === head) return;
  const forward = tip === undefined || (await objects.mergeBase(bare, tip, head)) === tip;
  if (forward && (await objects.updateRef(bare, ref, { to: head, from: tip }))) return;
  throw new RefusedError({
    code: 'done.other-branch',
    message: `HEAD (${work.status.branch ?? 'detached'}) does not contain your branch ${work.branch}`,
    hint: `Run: git switch ${work.branch}, and bring your commits there`,
  });
}
