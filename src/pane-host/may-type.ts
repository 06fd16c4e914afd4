import type { PanePhase } from '../ports/panes.ts';

export interface TypingFacts {
  readonly phase: PanePhase;
  readonly mode: 'when-idle' | 'immediate';
  /** A person is at the keyboard or has left a line unfinished. */
  readonly human: boolean;
  /** The record says that it takes typed text while it works. */
  readonly queuesWhileBusy: boolean;
}

/** `later` = may become possible; `never` = not in this life of the agent. */
export type TypingVerdict =
  { readonly may: 'now' } | { readonly may: 'later' | 'never'; readonly why: string };

/** May we type now? (DESIGN §4a) Never into a dialog, a limit or a person's line. */
export function mayType({ phase, mode, human, queuesWhileBusy }: TypingFacts): TypingVerdict {
  switch (phase) {
    case 'exiting':
    case 'exited':
      return { may: 'never', why: 'the agent has ended' };
    case 'dialog':
      return { may: 'later', why: 'the agent waits in a dialog' };
    case 'limited':
      return { may: 'later', why: 'the agent is rate limited' };
    case 'starting':
      return { may: 'later', why: 'the agent is starting' };
    case 'idle':
      return human ? HUMAN : { may: 'now' };
    case 'ready':
    case 'busy':
      if (human) return HUMAN;
      return mode === 'immediate' && queuesWhileBusy
        ? { may: 'now' }
        : { may: 'later', why: 'the agent is busy' };
  }
}

const HUMAN: TypingVerdict = { may: 'later', why: 'a person is typing' };
