import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import type { Agent } from './agent.ts';
import type { Injector } from './injector.ts';
import { FRESH_KEY_MS } from './typing.ts';

/** Nudges that wait for this agent, claimed so that nobody else delivers them. */
interface NudgeBatch {
  readonly text: string;
  /** They were typed. */
  done(): Promise<void>;
  /** They were not: back into the queue. */
  giveBack(): Promise<void>;
}

export interface NudgeSource {
  /** The queue's folder; it exists. */
  readonly folder: string;
  /** Everything that is due, in order; undefined = nothing. */
  claim(): Promise<NudgeBatch | undefined>;
}

/** Types queued nudges as soon as the agent is idle: one batch, one turn (P12). */
export class Courier {
  readonly #source: NudgeSource;
  #watcher: FSWatcher | undefined;
  #agent: Agent | undefined;
  #injector: Injector | undefined;
  #running = false;
  #later: NodeJS.Timeout | undefined;

  constructor(source: NudgeSource) {
    this.#source = source;
    try {
      this.#watcher = watch(source.folder, { persistent: false }, () => this.look());
      this.#watcher.on('error', () => undefined);
    } catch {
      // No watch (out of inotify handles): the next time the agent becomes idle is soon enough.
    }
  }

  serve(agent: Agent, injector: Injector): void {
    this.#agent = agent;
    this.#injector = injector;
  }

  /** Something may have changed: a file in the queue, or the agent's state. */
  look(): void {
    if (this.#running || this.#agent?.watch.phase !== 'idle') return;
    if (this.#agent.human) {
      this.#later ??= setTimeout(() => this.#lookAgain(), FRESH_KEY_MS).unref();
      return;
    }
    this.#running = true;
    void this.#deliver().finally(() => {
      this.#running = false;
    });
  }

  close(): void {
    clearTimeout(this.#later);
    this.#watcher?.close();
  }

  #lookAgain(): void {
    this.#later = undefined;
    this.look();
  }

  async #deliver(): Promise<void> {
    const batch = await this.#source.claim().catch(() => undefined);
    if (batch === undefined || this.#injector === undefined) return;
    const outcome = await this.#injector.inject({ text: batch.text, mode: 'when-idle', waitMs: 0 });
    await (outcome.sent ? batch.done() : batch.giveBack());
  }
}
