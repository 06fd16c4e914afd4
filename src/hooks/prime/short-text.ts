import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { checkpointLine } from '../checkpoint.ts';
import { inert } from '../inert.ts';
import { idleText, markText, replacedText, strangerText, withoutBrackets } from './text.ts';
import type { Facts } from './text.ts';

/** At most 15 lines after compaction or resume: the session goes on, nothing is announced again (P21). */
export function renderShortPrime(facts: Facts): string {
  const { agent, mark, stranger, notes } = facts;
  const lines = [
    `GAS TOWN role:${formatAddress(agent)}`,
    ...(mark === undefined ? [] : [markText(mark)]),
    ...(stranger === undefined ? [] : [strangerText(stranger)]),
    ...workLines(facts),
    ...(notes.handoffs.length === 0 ? [] : ['A note of an earlier session waits: gt resume']),
    ...(notes.mail.unread === 0 ? [] : [`Unread mail: ${notes.mail.unread}`]),
  ];
  return lines.map(withoutBrackets).join('\n');
}

function workLines(facts: Facts): readonly string[] {
  const { work, agent, notes, now } = facts;
  if (work.kind === 'nothing') return [idleText(facts)];
  if (work.kind === 'replaced') return [replacedText(work.newest)];
  const { id, title } = work.bead;
  return [
    `Continue with ${id} (${inert(title, 120)}) where you were.`,
    `See what is there: git status, git log --oneline -5. The work order: bd show ${id}`,
    ...(notes.checkpoint === undefined ? [] : [`Recorded ${checkpointLine(notes.checkpoint, now)}`]),
    agent.role === 'polecat'
      ? 'When it is finished, tested and committed: gt done'
      : `When it is done: bd close ${id} --reason "<what was done>"`,
  ];
}

/** The ledger could not be read: an agent must not take that for an empty hook. */
export function renderBlindPrime(agent: AgentAddress, why: string): string {
  return [
    `GAS TOWN role:${formatAddress(agent)}`,
    `Your hook cannot be read now: ${inert(why)}`,
    'That does not mean that it is empty. Do not run gt done. Wait a minute, then run gt prime again.',
  ].join('\n');
}
