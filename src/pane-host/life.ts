import type { Clock } from '../ports/clock.ts';
import type { PaneStart, PaneState } from '../ports/panes.ts';
import type { ProcessIdentity, Processes } from '../ports/processes.ts';
import { Agent } from './agent.ts';
import type { AgentEvents } from './agent.ts';
import { answerDialog } from './answer-dialog.ts';
import type { ExitStatus } from './child.ts';
import { Injector } from './injector.ts';
import type { Size } from './screen.ts';

export interface LifeOptions {
  readonly start: PaneStart;
  readonly size: Size;
  readonly clock: Clock;
  readonly processes: Processes;
  readonly recordings: string;
  /** Carried by everything that comes of it. */
  readonly mark: string;
  readonly events: LifeEvents;
}

interface LifeEvents extends Omit<AgentEvents, 'onChange' | 'onExit'> {
  /** The state that `state()` tells is another one now. */
  onChange(): void;
  onEnd(status: ExitStatus): void;
}

const GRACE_MS = 3000;
/** From HUP, which a shell obeys, to TERM. */
const HANGUP_MS = 500;
const GO_ON = 'The rate limit is over. Go on where you stopped.';
/** A person at the keyboard comes first. */
const GO_ON_WAIT_MS = 10 * 60_000;

/** One life of the agent with all that is done to it: typing, dialogs, the end. */
export class Life {
  readonly agent: Agent;
  readonly injector: Injector;
  readonly #options: LifeOptions;
  readonly #started: number;
  #since: number;
  #phase: string;
  #child: ProcessIdentity | undefined;
  #exit: ExitStatus | undefined;
  #unanswered: string | undefined;
  #answering = false;
  #stopping: Promise<void> | undefined;
  #conversation: string | undefined;

  constructor(options: LifeOptions) {
    const { start, size, clock, recordings, mark, events } = options;
    this.#options = options;
    this.#started = clock.now();
    this.#conversation = start.conversation;
    this.#since = this.#started;
    this.agent = new Agent({
      start,
      size,
      clock,
      recordings,
      mark,
      events: { ...events, onChange: () => this.#changed(), onExit: (status) => this.#end(status) },
    });
    this.#phase = this.agent.watch.phase;
    this.injector = new Injector(this.agent, clock);
    if (start.prompt !== undefined) void this.#typePrompt(start.prompt);
  }

  /** Learns the child's identity; before that nothing about it may be written down. */
  async begin(): Promise<void> {
    this.#child = await this.#options.processes.identify(this.agent.pid);
    this.#options.events.onChange();
  }

  get spawn(): number {
    return this.agent.start.spawn;
  }

  state(host: ProcessIdentity, attached: boolean): PaneState {
    const { start, watch, lastOutput, lastHuman } = this.agent;
    const reason = watch.phase === 'dialog' ? (this.#unanswered ?? watch.reason) : watch.reason;
    return {
      session: start.session,
      spawn: start.spawn,
      host,
      ...(this.#child === undefined ? {} : { child: this.#child }),
      state: watch.phase,
      since: rfc3339(this.#since),
      started: rfc3339(this.#started),
      ...(lastOutput === undefined ? {} : { lastOutput: rfc3339(lastOutput) }),
      ...(lastHuman === undefined ? {} : { lastHuman: rfc3339(lastHuman) }),
      attached,
      runtime: start.runtime,
      ...(start.bead === undefined ? {} : { bead: start.bead }),
      ...(this.#conversation === undefined ? {} : { conversation: this.#conversation }),
      ...(start.resumed === undefined ? {} : { resumed: start.resumed }),
      ...(start.account === undefined ? {} : { account: start.account }),
      wasReady: watch.wasReady,
      ...(reason === undefined ? {} : { reason }),
      ...(watch.limitReset === undefined ? {} : { limitReset: rfc3339(watch.limitReset) }),
      ...(this.#exit === undefined ? {} : { exit: this.#exit }),
    };
  }

  /** The agent has read its hook, in this conversation. */
  tellReady(conversation: string | undefined): void {
    const isNew = conversation !== undefined && conversation !== this.#conversation;
    this.#conversation = conversation ?? this.#conversation;
    this.agent.tellReady();
    if (isNew) this.#options.events.onChange();
  }

  /** TERM to the agent and all its descendants, 3 s, KILL. `hangUp` first sends HUP, as a closed terminal does. */
  stop(reason: string, hangUp: 'hang-up' | 'terminate'): Promise<void> {
    this.#stopping ??= this.#stop(reason, hangUp);
    return this.#stopping;
  }

  /** Ends what the agent has left behind; resolves when nothing of it lives, or would not end. */
  async clear(): Promise<void> {
    await this.#stopping;
    if (this.#child !== undefined) await this.#stopTree(this.#child);
  }

  async #stop(reason: string, hangUp: 'hang-up' | 'terminate'): Promise<void> {
    const { clock } = this.#options;
    this.agent.setEnding('exiting', reason);
    if (hangUp === 'hang-up') {
      this.agent.kill('SIGHUP');
      await clock.sleep(HANGUP_MS);
    }
    if (this.#child === undefined) this.agent.kill('SIGKILL');
    else await this.#stopTree(this.#child);
  }

  async #stopTree(child: ProcessIdentity): Promise<void> {
    const { processes, mark } = this.#options;
    await processes.stopTree(child, GRACE_MS, mark);
  }

  #changed(): void {
    const { phase } = this.agent.watch;
    if (phase !== this.#phase) this.#since = this.#options.clock.now();
    if (phase !== 'dialog') this.#unanswered = undefined;
    this.#phase = phase;
    // Before the change is told: a message that waits for the agent would set it to work as well.
    if (phase === 'idle' && this.agent.watch.interrupted === 'over') void this.#goOn();
    this.#options.events.onChange();
    if (phase === 'dialog' && this.#unanswered === undefined) void this.#answer();
  }

  async #answer(): Promise<void> {
    if (this.#answering) return;
    this.#answering = true;
    const question = this.agent.watch.reason?.replace(/^[^:]*: /, '') ?? 'a dialog';
    const answered = await answerDialog(this.agent, this.#options.clock);
    this.#answering = false;
    if (answered || this.agent.watch.phase !== 'dialog') return;
    this.#unanswered = `needs-input: ${question}`;
    this.#options.events.onChange();
  }

  /** Nobody else would: the limit has cut the turn off, and the agent waits at its prompt. */
  async #goOn(): Promise<void> {
    await this.injector.inject({ text: GO_ON, mode: 'when-idle', waitMs: GO_ON_WAIT_MS });
  }

  async #typePrompt(text: string): Promise<void> {
    await this.injector.inject({ text, mode: 'when-idle', waitMs: Infinity });
  }

  #end(status: ExitStatus): void {
    this.#exit = status;
    this.agent.setEnding(
      'exited',
      this.agent.watch.phase === 'exiting' ? this.agent.watch.reason : undefined,
    );
    this.#options.events.onEnd(status);
  }
}

export function rfc3339(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
