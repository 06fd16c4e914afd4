import { createMessage } from '../beads/forms/message-row.ts';
import type { NewMessage } from '../beads/forms/message-row.ts';
import type { TownContext } from '../beads/context.ts';
import { formatAddress, formatMailAddress } from '../core/address.ts';
import { oneLine } from '../core/text.ts';
import { readInbox } from './inbox.ts';

export type Letter = Omit<NewMessage, 'thread'>;

/** Puts a letter into its recipient's box. */
export async function sendLetter(ctx: TownContext, letter: Letter): Promise<void> {
  const thread = Buffer.from(ctx.ports.random.bytes(6)).toString('hex');
  const hq = await ctx.ledgers.hq();
  await hq.transaction(formatAddress(ctx.actor), (tx) => createMessage(tx, { ...letter, thread }));
}

/** The same, unless this very letter still lies there: what was killed after sending it is carried on from before. */
export async function sendLetterOnce(ctx: TownContext, letter: Letter): Promise<void> {
  const from = formatMailAddress(letter.from);
  const subject = oneLine(letter.subject, 500);
  const box = await readInbox(ctx, letter.to);
  const isThere = box.some(
    (mail) => mail.from === from && mail.subject === subject && mail.body === letter.body,
  );
  if (!isThere) await sendLetter(ctx, letter);
}
