import type { TownContext } from '../../beads/context.ts';
import { OVERSEER, parseAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import { sendLetterOnce } from '../../mail/send.ts';
import type { DoneSubject } from './facts.ts';
import type { DoneWork } from './work.ts';

/**
 * Letters of a done go out before the transaction that ends it, so that a killed done sends them when it is carried
 * on; once, however often that is.
 */
interface Handing {
  readonly subject: DoneSubject;
  readonly work: DoneWork;
  readonly head: Sha;
}

/** Tells whoever slung it that work which nobody will merge by itself can be looked at. */
export async function askForReview(ctx: TownContext, handing: Handing): Promise<void> {
  const { terms, bead, row } = handing.subject;
  const to = dispatcherOf(handing.subject);
  if (to === undefined || !(terms.noMerge || terms.reviewOnly)) return;
  const subject = `READY_FOR_REVIEW: ${bead.id}`;
  await sendLetterOnce(ctx, { from: row.address, to, subject, body: linesOf(handing), kind: 'task' });
}

/** Tells mayor and overseer that a worker cannot go on without them. */
export async function callForHelp(
  ctx: TownContext,
  { handing, reason }: { readonly handing: Handing; readonly reason: string },
): Promise<void> {
  const { bead, row } = handing.subject;
  const letter = {
    from: row.address,
    subject: `[HIGH] ${bead.id}: ${reason}`,
    body: `${reason}\n\n${linesOf(handing)}`,
    priority: 1,
    kind: 'escalation',
    // Swept away unread, it would have told nobody.
    permanent: true,
  } as const;
  for (const to of [{ role: 'mayor' } as const, OVERSEER]) await sendLetterOnce(ctx, { ...letter, to });
}

function linesOf({ subject: { bead, rig, worker }, work, head }: Handing): string {
  const lines = { Branch: work.branch, Commit: head, Issue: bead.id, Polecat: worker, Rig: rig.name };
  return Object.entries(lines)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n');
}

/** A row may name anybody; who cannot be written to gets no mail. */
function dispatcherOf({ dispatcher = '' }: DoneSubject): AgentAddress | undefined {
  try {
    return parseAddress(dispatcher);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
