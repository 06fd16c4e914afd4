import { formatMailAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { inert } from '../../hooks/inert.ts';
import type { Dispatch } from './dispatch.ts';

export interface PromptFacts {
  readonly dispatch: Dispatch;
  readonly sender: AgentAddress;
  /** Unix ms. */
  readonly now: number;
}

/** The first thing an agent reads: who it is, and the bead it has (P3). The work order itself comes from `gt prime`. */
export function firstPrompt({ dispatch, sender, now }: PromptFacts): string {
  const { worker, rig, bead, terms } = dispatch;
  const time = new Date(now).toISOString().slice(0, 16);
  const lines = [
    `[GAS TOWN] polecat ${worker} of ${rig.name} <- ${formatMailAddress(sender)} • ${time} • assigned`,
    `Your hook holds ${bead.id}: ${inert(bead.title, 120)}`,
    ...(terms.args === undefined ? [] : [`Note from the sender: ${inert(terms.args, 500)}`]),
    'Run `gt prime` unless you have already read your work order, then begin at once.',
  ];
  return lines.join('\n');
}
