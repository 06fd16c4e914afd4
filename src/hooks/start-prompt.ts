import type { Bead } from '../beads/types.ts';
import { formatMailAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { inert } from './inert.ts';

/** Why a session begins: with new work, after the end of the last one, because that one asked for it, or for a round. */
export type Topic = 'assigned' | 'restart' | 'handoff' | 'patrol';

export interface StartFacts {
  readonly agent: AgentAddress;
  readonly sender: AgentAddress;
  /** Unix ms. */
  readonly now: number;
  readonly topic: Topic;
  readonly bead: Pick<Bead, 'id' | 'title'> | undefined;
  /** Of the sender. */
  readonly note?: string | undefined;
}

const NEXT: Readonly<Record<Topic, string>> = {
  assigned: 'Run `gt prime` unless you have already read your work order, then begin at once.',
  restart:
    'Your last session ended before it was done. Run `gt prime` unless you have just read it, see what is there, and go on.',
  handoff:
    'Your last session handed over to you. Run `gt prime` unless you have just read its note, and go on from there.',
  patrol: 'Run `gt prime` unless you have just read it, then make your round.',
};

/** The first thing an agent reads: who it is, and what it holds (P3). The work order itself comes from `gt prime`. */
export function startPrompt({ agent, sender, now, topic, bead, note }: StartFacts): string {
  const time = new Date(now).toISOString().slice(0, 16);
  return [
    `[GAS TOWN] ${inWords(agent)} <- ${formatMailAddress(sender)} • ${time} • ${topic}`,
    ...(bead === undefined ? [] : [`Your hook holds ${bead.id}: ${inert(bead.title, 120)}`]),
    ...(note === undefined ? [] : [`Note from the sender: ${inert(note, 500)}`]),
    NEXT[topic],
  ].join('\n');
}

/** Not as a path, which an agent would look for. */
function inWords(agent: AgentAddress): string {
  const name = 'name' in agent ? ` ${agent.name}` : '';
  return `${agent.role}${name}${'rig' in agent ? ` of ${agent.rig}` : ''}`;
}
