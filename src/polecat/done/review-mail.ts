import { createMessage } from '../../beads/forms/message-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress, formatMailAddress, parseAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import { readInbox } from '../../mail/inbox.ts';
import type { DoneSubject } from './facts.ts';
import type { DoneWork } from './work.ts';

/**
 * Tells whoever slung it that work which nobody will merge by itself can be looked at. Before the bead closes, so that
 * a killed done sends it when it is carried on; once, however often that is.
 */
export async function askForReview(
  ctx: TownContext,
  { subject, work, head }: { readonly subject: DoneSubject; readonly work: DoneWork; readonly head: Sha },
): Promise<void> {
  const { terms, bead, row, rig, worker } = subject;
  const to = dispatcherOf(subject);
  if (to === undefined || !(terms.noMerge || terms.reviewOnly)) return;
  const title = `READY_FOR_REVIEW: ${bead.id}`;
  const from = formatMailAddress(row.address);
  const waiting = (await readInbox(ctx, to)).filter((mail) => mail.subject === title && mail.from === from);
  const lines = { Branch: work.branch, Commit: head, Issue: bead.id, Polecat: worker, Rig: rig.name };
  const body = Object.entries(lines)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n');
  if (waiting.some((mail) => mail.body === body)) return;
  const thread = Buffer.from(ctx.ports.random.bytes(6)).toString('hex');
  const message = { from: row.address, to, subject: title, body, kind: 'task', thread } as const;
  const hq = await ctx.ledgers.hq();
  await hq.transaction(formatAddress(ctx.actor), (tx) => createMessage(tx, message));
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
