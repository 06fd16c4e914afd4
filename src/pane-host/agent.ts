import type { PaneStart } from '../ports/panes.ts';
import type { Clock } from '../ports/clock.ts';
import { startChild } from './child.ts';
import type { Child, ExitStatus } from './child.ts';
import { createFlow } from './flow.ts';
import type { Flow } from './flow.ts';
import { startRecording } from './recording.ts';
import type { Recording } from './recording.ts';
import { createScreen } from './screen.ts';
import type { Screen, Size } from './screen.ts';
import { NOT_TYPING, isTyping, readTyping } from './typing.ts';
import type { Typing } from './typing.ts';
import { FIRST_WATCH, POLL_MS, afterTyping, compileRules, nextWatch, pollDelay } from './watch.ts';
import type { Watch, WatchRules } from './watch.ts';

export interface AgentOptions {
  readonly start: PaneStart;
  readonly size: Size;
  readonly clock: Clock;
  readonly recordings: string;
  /** Carried by everything that comes of it. */
  readonly mark: string;
  readonly events: AgentEvents;
}

export interface AgentEvents {
  /** Bytes for whoever looks on. */
  onOutput(bytes: Uint8Array): void;
  /** Bytes that a looking terminal has not taken yet. */
  terminalLoad(): number;
  /** A terminal looks on: it answers the agent's queries, we must not. */
  hasTerminal(): boolean;
  /** Phase or reason have changed. */
  onChange(): void;
  onExit(status: ExitStatus): void;
}

/** One life of the agent: its process, its screen, and what we believe about it. */
export class Agent {
  readonly start: PaneStart;
  readonly screen: Screen;
  readonly pid: number;
  readonly rules: WatchRules;
  /** Resolves when the recording of an ended agent is complete. */
  readonly closed: Promise<void>;
  watch: Watch = FIRST_WATCH;
  /** Unix ms. */
  lastOutput: number | undefined;
  lastHuman: number | undefined;
  readonly #clock: Clock;
  readonly #events: AgentEvents;
  readonly #child: Child;
  readonly #recording: Recording;
  readonly #flow: Flow;
  readonly #started: number;
  #typing: Typing = NOT_TYPING;
  #held: Uint8Array[] | undefined;
  #told = false;
  #outputAt: number;
  #lookedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #unparsed = 0;
  readonly #closing = Promise.withResolvers<void>();

  constructor({ start, size, clock, recordings, mark, events }: AgentOptions) {
    this.start = start;
    this.rules = compileRules(start.rules, Math.random());
    this.closed = this.#closing.promise;
    this.#clock = clock;
    this.#events = events;
    this.#started = clock.monotonic();
    this.#outputAt = this.#started;
    this.screen = createScreen(size, (reply) => this.#answer(reply));
    this.#recording = startRecording({
      folder: recordings,
      session: start.session,
      spawn: start.spawn,
      size,
      now: () => clock.now(),
    });
    this.#child = startChild({ start, mark }, size, {
      onData: (bytes) => this.#output(bytes),
      onExit: (status) => this.#exit(status),
    });
    this.pid = this.#child.pid;
    this.#flow = createFlow({
      pause: () => this.#child.pause(),
      resume: () => this.#child.resume(),
      loads: () => [this.#unparsed, this.#recording.pending(), events.terminalLoad()],
    });
    this.#lookWithin(POLL_MS);
  }

  /** A person is at the keyboard, or has left a line unfinished. */
  get human(): boolean {
    return isTyping(this.#typing, this.#clock.monotonic());
  }

  /** Bytes from a terminal: keys of a person, or the terminal's own answers. */
  input(bytes: Uint8Array): void {
    const before = this.#typing;
    this.#typing = readTyping(before, bytes, this.#clock.monotonic());
    if (this.#typing.lastKey !== before.lastKey) this.lastHuman = this.#clock.now();
    if (this.#held === undefined) this.#child.write(bytes);
    else this.#held.push(bytes);
  }

  /** Our own typing. */
  type(text: string): void {
    this.#child.write(text);
  }

  /** Keys that come while we type wait, so that they cannot get into our text. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const bytes of held) this.#child.write(bytes);
    this.#believe(afterTyping(this.watch, this.#clock.monotonic()));
    this.#lookWithin(POLL_MS);
  }

  /** The agent says that it has read its hook. */
  tellReady(): void {
    this.#told = true;
    this.#lookWithin(0);
  }

  resize(size: Size): void {
    this.#child.resize(size);
    this.screen.resize(size);
    this.#recording.resized(size);
  }

  kill(signal: string): void {
    this.#child.kill(signal);
  }

  /** Nothing is typed any more and the screen does not count. */
  setEnding(phase: 'exiting' | 'exited', reason: string | undefined): void {
    clearTimeout(this.#timer);
    this.#believe({ ...this.watch, phase, reason });
  }

  /** Waits until the screen differs from `before`; false after `waitMs`. */
  async changed(before: string, waitMs: number): Promise<boolean> {
    const until = this.#clock.monotonic() + waitMs;
    for (;;) {
      await this.screen.settled();
      if (this.screen.fingerprint() !== before) return true;
      if (this.#clock.monotonic() >= until || this.watch.phase === 'exited') return false;
      await this.#clock.sleep(25);
    }
  }

  #answer(reply: string): void {
    if (!this.#events.hasTerminal()) this.#child.write(reply);
  }

  #output(bytes: Uint8Array): void {
    this.#outputAt = this.#clock.monotonic();
    this.lastOutput = this.#clock.now();
    this.#unparsed += bytes.length;
    this.screen.write(bytes, () => {
      this.#unparsed -= bytes.length;
    });
    this.#recording.output(bytes);
    this.#events.onOutput(bytes);
    this.#flow.check();
    this.#lookWithin(POLL_MS);
  }

  #exit(status: ExitStatus): void {
    this.#flow.stop();
    clearTimeout(this.#timer);
    const end = async (): Promise<void> => {
      await this.screen.settled();
      this.#events.onExit(status);
      await this.#recording.close();
      this.#closing.resolve();
    };
    void end();
  }

  /** Looks after at most `ms`, but never twice within one poll. */
  #lookWithin(ms: number): void {
    const now = this.#clock.monotonic();
    const due = Math.max(now + ms, this.#lookedAt + POLL_MS);
    if (due >= this.#dueAt || this.watch.phase === 'exiting' || this.watch.phase === 'exited') return;
    clearTimeout(this.#timer);
    this.#dueAt = due;
    this.#timer = setTimeout(() => void this.#look(), due - now);
  }

  async #look(): Promise<void> {
    this.#dueAt = Infinity;
    await this.screen.settled();
    const now = this.#clock.monotonic();
    const wall = this.#clock.now();
    this.#lookedAt = now;
    const look = {
      rows: this.screen.rows(),
      now,
      wall,
      quietMs: now - this.#outputAt,
      ageMs: now - this.#started,
      told: this.#told,
    };
    this.#believe(nextWatch(this.watch, look, this.rules));
    const delay = pollDelay(this.watch, this.rules, { now, wall });
    if (delay !== undefined) this.#lookWithin(delay);
  }

  #believe(watch: Watch): void {
    const before = this.watch;
    this.watch = watch;
    if (before.phase !== watch.phase || before.reason !== watch.reason) this.#events.onChange();
  }
}
