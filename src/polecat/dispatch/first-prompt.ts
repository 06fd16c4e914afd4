import { formatMailAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { inert } from '../../hooks/inert.ts';
import type { Dispatch } from './dispatch.ts';

export interface PromptFacts {
  readonly dispatch: Dispatch;
  readonly sender: AgentAddress;
  /** Unix ms. */
  readonly now: number;
  readonly topic: Topic;
}

/** Why a session begins: with new work, after the end of the last one, or because the last one asked for it. */
export type Topic = 'assigned' | 'restart' | 'handoff';

const NEXT: Readonly<Record<Topic, string>> = {
  assigned: 'Run `gt prime` unless you have already read your work order, then begin at once.',
  restart:
    'Your last session ended before it was done. Run `gt prime` unless you have just read it, see what is there, and go on.',
  handoff:
    'Your last session handed over to you. Run `gt prime` unless you have just read its note, and go on from there.',
};

/** The first thing an agent reads: who it is, and the bead it has (P3). The work order itself comes from `gt prime`. */
export function firstPrompt({ dispatch, sender, now, topic }: PromptFacts): string {
  const { worker, rig, bead, terms } = dispatch;
  const time = new Date(now).toISOString().slice(0, 16);
  const lines = [
    `[GAS TOWN] polecat ${worker} of ${rig.name} <- ${formatMailAddress(sender)} • ${time} • ${topic}`,
    `Your hook holds ${bead.id}: ${inert(bead.title, 120)}`,
    ...(terms.args === undefined ? [] : [`Note from the sender: ${inert(terms.args, 500)}`]),
    NEXT[topic],
  ];
  return lines.join('\n');
}
