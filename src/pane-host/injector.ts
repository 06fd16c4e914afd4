import type { Clock } from '../ports/clock.ts';
import type { InjectOutcome } from '../ports/panes.ts';
import type { Agent } from './agent.ts';
import { findDialog } from './dialog.ts';
import { mayType } from './may-type.ts';
import type { TypingVerdict } from './may-type.ts';
import { encodePaste, pauseBeforeEnter } from './paste.ts';

export interface Injection {
  readonly text: string;
  readonly mode: 'when-idle' | 'immediate';
  /** How long to wait for a moment to type; Infinity = as long as the agent lives. */
  readonly waitMs: number;
}

const POLL_MS = 100;
const ENTER = '\r';
const ENTER_TRIES = 3;
/** An agent shows within this that it has taken Enter. */
const REACTION_MS = 700;
const DIALOG = { sent: false, why: 'a dialog has come up' } as const;

/** The only one that types into the agent; one text at a time. */
export class Injector {
  readonly #agent: Agent;
  readonly #clock: Clock;
  #typing = false;
  /** Text of ours in the prompt that a dialog kept us from sending. */
  #unsent = '';

  constructor(agent: Agent, clock: Clock) {
    this.#agent = agent;
    this.#clock = clock;
  }

  /** Types the text and Enter as soon as that is safe, or says why it was not. */
  async inject(request: Injection): Promise<InjectOutcome> {
    const until = this.#clock.monotonic() + request.waitMs;
    for (;;) {
      const verdict = this.#verdict(request);
      const outcome: InjectOutcome =
        verdict.may === 'now' ? await this.#type(request.text.trim()) : { sent: false, why: verdict.why };
      if (outcome.sent || verdict.may === 'never' || this.#clock.monotonic() >= until) return outcome;
      await this.#clock.sleep(POLL_MS);
    }
  }

  #verdict({ mode }: Injection): TypingVerdict {
    if (this.#typing) return { may: 'later', why: 'another text is being typed' };
    const { watch, human, start } = this.#agent;
    return mayType({ phase: watch.phase, mode, human, queuesWhileBusy: start.rules.queuesWhileBusy });
  }

  async #type(text: string): Promise<InjectOutcome> {
    const agent = this.#agent;
    this.#typing = true;
    agent.hold();
    try {
      await agent.screen.settled();
      if (this.#dialog()) return DIALOG;
      agent.type(encodePaste(this.#missing(text), { bracketed: agent.screen.modes().bracketedPaste }));
      this.#unsent = text;
      await this.#clock.sleep(pauseBeforeEnter(text));
      return await this.#enter(text);
    } finally {
      agent.release();
      this.#typing = false;
    }
  }

  /** What of the text is not in the prompt yet: a batch that comes again begins with what was typed before. */
  #missing(text: string): string {
    const unsent = this.#unsent;
    const isThere =
      unsent !== '' && text.startsWith(unsent) && this.#agent.screen.rows().join('').includes(headOf(unsent));
    return isThere ? text.slice(unsent.length) : text;
  }

  /** Enter, and again only while the screen stands still with our text on it. */
  async #enter(text: string): Promise<InjectOutcome> {
    const agent = this.#agent;
    for (let attempt = 0; attempt < ENTER_TRIES; attempt += 1) {
      await agent.screen.settled();
      const { phase } = agent.watch;
      if (phase === 'exiting' || phase === 'exited') return { sent: false, why: 'the agent has ended' };
      // Enter would answer it.
      if (this.#dialog()) return DIALOG;
      if (attempt > 0 && !agent.screen.rows().join('').includes(headOf(text))) break;
      const before = agent.screen.fingerprint();
      this.#unsent = '';
      agent.type(ENTER);
      if (await agent.changed(before, REACTION_MS)) break;
    }
    return { sent: true };
  }

  /** On the screen now: the phase learns of it at the next look. */
  #dialog(): boolean {
    return findDialog(this.#agent.screen.rows(), this.#agent.rules.dialogs) !== undefined;
  }
}

function headOf(text: string): string {
  return text.trim().split('\n', 1)[0]?.slice(0, 16) ?? '';
}
