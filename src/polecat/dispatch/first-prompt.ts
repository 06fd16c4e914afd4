import type { AgentAddress } from '../../core/address.ts';
import { inert } from '../../hooks/inert.ts';
import { startPrompt } from '../../hooks/start-prompt.ts';
import type { StartFacts, Topic } from '../../hooks/start-prompt.ts';
import type { Dispatch } from './dispatch.ts';

export interface PromptFacts {
  readonly dispatch: Dispatch;
  readonly sender: AgentAddress;
  /** Unix ms. */
  readonly now: number;
  readonly topic: Topic;
}

/** The first prompt of an agent with this dispatch. */
export function firstPrompt({ dispatch, ...facts }: PromptFacts): string {
  const { address, bead, terms } = dispatch;
  const prompt = startPrompt({ ...facts, agent: address, bead, note: terms.args });
  return terms.mode === 'ralph' ? `${prompt}\n${RALPH}` : prompt;
}

const RALPH =
  'Do one step at a time: after each, commit, then run `gt handoff -y`; a fresh session goes on with the next one.';

/** What a live agent is told of new work on its hook. */
export function slungMessage({ bead, note }: Pick<StartFacts, 'note'> & Pick<Dispatch, 'bead'>): string {
  const args = note === undefined ? '' : ` Args: ${inert(note, 500)}.`;
  return `Work slung: ${bead.id} (${inert(bead.title, 120)}).${args} Start working on it now: gt hook shows it.`;
}
