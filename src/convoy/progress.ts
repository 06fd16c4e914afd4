import type { Convoy, ConvoyMember } from './members.ts';

/** How far a convoy is; computed whenever it is asked for, never stored (P20). */
export interface ConvoyProgress {
  /** Members that still exist. */
  readonly total: number;
  /** Closed, with nothing of theirs waiting to be landed. */
  readonly completed: number;
  /** Members that could not be looked at. */
  readonly unreadable: number;
}

export function progressOf({ members }: Pick<Convoy, 'members'>): ConvoyProgress {
  const present = members.filter(isPresent);
  return {
    total: present.length,
    completed: present.filter(isComplete).length,
    unreadable: members.filter((member) => !member.bead.ok).length,
  };
}

/** A deleted member is not tracked any more; one that cannot be read still is. */
function isPresent(member: ConvoyMember): boolean {
  return !member.bead.ok || member.bead.value !== undefined;
}

function isComplete({ bead, liveMr }: ConvoyMember): boolean {
  return bead.ok && bead.value?.status === 'closed' && liveMr === undefined;
}

export type ConvoyVerdict = 'close' | 'reopen' | 'leave';

/**
 * What the row should become (spec 11 L). Empty is not complete, unreadable means wait, an owned convoy is closed
 * by its owner; only a convoy that closed by itself opens by itself.
 */
export function convoyVerdict(convoy: Convoy, closedByUs: boolean): ConvoyVerdict {
  const { bead } = convoy;
  const { total, completed, unreadable } = progressOf(convoy);
  if (unreadable > 0) return 'leave';
  const complete = total > 0 && completed === total;
  if (bead.status === 'open') return complete && !bead.labels.includes('gt:owned') ? 'close' : 'leave';
  return bead.status === 'closed' && closedByUs && total > 0 && !complete ? 'reopen' : 'leave';
}
