import type { AgentAddress } from '../../core/address.ts';
import { startPrompt } from '../../hooks/start-prompt.ts';
import type { Topic } from '../../hooks/start-prompt.ts';
import type { Dispatch } from './dispatch.ts';

export interface PromptFacts {
  readonly dispatch: Dispatch;
  readonly sender: AgentAddress;
  /** Unix ms. */
  readonly now: number;
  readonly topic: Topic;
}

/** The first prompt of a worker with this dispatch. */
export function firstPrompt({ dispatch, ...facts }: PromptFacts): string {
  const { address, bead, terms } = dispatch;
  return startPrompt({ ...facts, agent: address, bead, note: terms.args });
}
