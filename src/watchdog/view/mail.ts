import type { TownContext } from '../../beads/context.ts';
import type { BeadFilter } from '../../beads/types.ts';

/** What waits unread in one box. */
export interface UnreadMail {
  readonly count: number;
  /** Of the most urgent, newest one. */
  readonly subject: string;
}

/** Boxes with unread mail, by `mailKey` of their owner. */
export type UnreadBoxes = ReadonlyMap<string, UnreadMail>;

const NO_MAIL: UnreadMail = { count: 0, subject: '' };

/** Nobody reads more at a glance; what is beyond is counted as so many. */
const MOST = 500;
const UNREAD: BeadFilter = {
  type: ['message'],
  labels: ['gt:message'],
  notLabels: ['read'],
  notStatus: ['closed'],
  limit: MOST,
};

/** One query for all boxes of the town. */
export async function readUnread(ctx: TownContext): Promise<UnreadBoxes> {
  const boxes = new Map<string, UnreadMail>();
  for (const { assignee, title } of await (await ctx.ledgers.hq()).list(UNREAD)) {
    const key = mailKey(assignee);
    const before = boxes.get(key);
    boxes.set(key, { count: (before?.count ?? 0) + 1, subject: before?.subject ?? title });
  }
  return boxes;
}

/** One form of the many in which rows name an agent: `mayor`, `r/n`. */
function mailKey(address: string): string {
  return address.replace(/\/$/, '').replace(/\/(?:polecats|crew)\//, '/');
}

export function mailOf(boxes: UnreadBoxes, address: string): UnreadMail {
  return boxes.get(mailKey(address)) ?? NO_MAIL;
}
