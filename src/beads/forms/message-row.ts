import { addressForms, formatMailAddress, type AgentAddress } from '../../core/address.ts';
import { oneLine } from '../../core/text.ts';
import type { Bead, BeadFilter, LedgerTx } from '../types.ts';

const LABEL = 'gt:message';
const READ = 'read';
const PENDING = 'delivery:pending';
const ACKED = 'delivery:acked';

/** One mail: a bead of the town's ledger (spec 03 §7), as other programs of the town write and read it. */
export interface Message {
  readonly bead: Bead;
  /** Mail form of the sender's address; '' when the row does not say. */
  readonly from: string;
  readonly subject: string;
  readonly body: string;
  readonly read: boolean;
  /** Its recipient was told that it is there. */
  readonly delivered: boolean;
}

export interface NewMessage {
  readonly from: AgentAddress;
  readonly to: AgentAddress;
  readonly subject: string;
  readonly body: string;
  /** 0 urgent … 3 low; default 2. */
  readonly priority?: number;
  readonly kind?: 'task' | 'escalation' | 'scavenge' | 'notification' | 'reply';
  /** Kept with the issues; default: swept away with the wisps. */
  readonly permanent?: boolean;
  /** On the recipient's hook: its next session gets it whatever else it reads. */
  readonly hooked?: boolean;
  /** 12 hex digits that letters of one exchange share. */
  readonly thread: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export function createMessage(tx: LedgerTx, message: NewMessage): Promise<Bead> {
  return tx.create({
    title: oneLine(message.subject, 500),
    description: message.body,
    type: 'message',
    assignee: formatMailAddress(message.to),
    priority: message.priority ?? 2,
    status: message.hooked === true ? 'hooked' : 'open',
    keep: message.permanent === true ? 'issue' : 'wisp',
    labels: [
      LABEL,
      `from:${formatMailAddress(message.from)}`,
      `msg-type:${message.kind ?? 'notification'}`,
      `thread:thread-${message.thread}`,
      PENDING,
    ],
    noInheritLabels: true,
    ...(message.metadata === undefined ? {} : { metadata: message.metadata }),
  });
}

/** Everything in an agent's box that is not archived, by priority, then newest first. */
export function boxOf(agent: AgentAddress): BeadFilter {
  return { type: ['message'], labels: [LABEL], assignee: addressForms(agent), notStatus: ['closed'] };
}

export function parseMessage(bead: Bead): Message {
  const { labels } = bead;
  return {
    bead,
    from: labels.find((label) => label.startsWith('from:'))?.slice('from:'.length) ?? '',
    subject: bead.title,
    body: bead.description,
    read: labels.includes(READ),
    delivered: labels.includes(ACKED),
  };
}

export async function markRead(tx: LedgerTx, { bead, read }: Message): Promise<void> {
  if (!read) await tx.addLabel(bead.id, READ);
}

/** In this order: who reads `delivery:acked` finds the rest. @param at RFC 3339 */
export async function markDelivered(
  tx: LedgerTx,
  { bead, delivered }: Message,
  by: { readonly agent: AgentAddress; readonly at: string },
): Promise<void> {
  if (delivered) return;
  await tx.addLabel(bead.id, `delivery-acked-by:${formatMailAddress(by.agent)}`);
  await tx.addLabel(bead.id, `delivery-acked-at:${by.at}`);
  await tx.addLabel(bead.id, ACKED);
}
