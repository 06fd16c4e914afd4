import type { TownContext } from '../beads/context.ts';
import { createMessage, markRead } from '../beads/forms/message-row.ts';
import type { Message } from '../beads/forms/message-row.ts';
import type { Bead } from '../beads/types.ts';
import { formatAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { readInbox } from './inbox.ts';

/** What is left for an agent's next session. */
export interface HandoffNote {
  readonly from: AgentAddress;
  readonly agent: AgentAddress;
  /** Without the mark that handoffs begin with. */
  readonly subject: string;
  readonly body: string;
  /** The work it is about; undefined = none was held. */
  readonly bead: string | undefined;
}

const MARK = '🤝 HANDOFF: ';
const BEAD_KEY = 'handoff_bead';
/** Read and older than this, a note has nothing to tell any more. */
const STALE_MS = 24 * 3_600_000;

/** A mail to itself on the agent's hook: permanent, urgent; it replaces every earlier one. Throws when it is not stored. */
export async function storeHandoff(ctx: TownContext, note: HandoffNote): Promise<Bead> {
  const earlier = (await readInbox(ctx, note.agent)).filter(isHandoff);
  const thread = Buffer.from(ctx.ports.random.bytes(6)).toString('hex');
  const hq = await ctx.ledgers.hq();
  return hq.transaction(formatAddress(ctx.actor), async (tx) => {
    const stored = await createMessage(tx, {
      from: note.from,
      to: note.agent,
      subject: `${MARK}${note.subject}`,
      body: note.body,
      priority: 1,
      permanent: true,
      hooked: true,
      thread,
      ...(note.bead === undefined ? {} : { metadata: { [BEAD_KEY]: note.bead } }),
    });
    for (const { bead } of earlier)
      await tx.close(bead.id, { reason: `superseded by ${stored.id}`, force: true });
    return stored;
  });
}

/** Handoffs that wait on the agent's hook, newest first. */
export function handoffsIn(box: readonly Message[]): readonly Message[] {
  return box.filter(isHandoff).toSorted((a, b) => (a.bead.createdAt < b.bead.createdAt ? 1 : -1));
}

export interface Reader {
  readonly agent: AgentAddress;
  /** The bead that its next session holds. */
  readonly held: string | undefined;
  /** Unix ms. */
  readonly now: number;
}

/** Is this note still news? A worker's note about other work is not, and one that was read goes with its day. Pure. */
export function isCurrent({ bead, read }: Message, { agent, held, now }: Reader): boolean {
  const about = bead.metadata[BEAD_KEY];
  if (agent.role === 'polecat' && about !== held) return false;
  return !read || now - Date.parse(bead.createdAt) < STALE_MS;
}

/** The next session has these before it; what is over is archived. */
export async function settleHandoffs(
  ctx: TownContext,
  agent: AgentAddress,
  notes: { readonly shown: readonly Message[]; readonly over: readonly Message[] },
): Promise<void> {
  const unread = notes.shown.filter(({ read }) => !read);
  if (unread.length + notes.over.length === 0) return;
  const hq = await ctx.ledgers.hq();
  await hq.transaction(formatAddress(agent), async (tx) => {
    for (const message of unread) await markRead(tx, message);
    for (const { bead } of notes.over) await tx.close(bead.id, { reason: 'its work is over', force: true });
  });
}

function isHandoff({ bead, subject }: Message): boolean {
  return bead.status === 'hooked' && subject.startsWith('🤝');
}
