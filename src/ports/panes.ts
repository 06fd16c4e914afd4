import type { SessionName } from '../core/names.ts';
import type { ProcessIdentity } from './processes.ts';

/** What a pane host is told before it starts (`T/.runtime/panes/<session>.start.json`, 0600). */
export interface PaneStart {
  readonly session: SessionName;
  /** Spawn number of the agent row; every message carries it (DESIGN D10). */
  readonly spawn: number;
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** Added to `env` only when the host runs as root. */
  readonly rootEnv?: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Name of the runtime record. */
  readonly runtime: string;
  readonly bead?: string;
  /** The runtime's own id of its conversation, where gt chose it or resumes it. */
  readonly conversation?: string;
  /** This start goes on with an earlier conversation. */
  readonly resumed?: boolean;
  /** Login it was asked to run under. */
  readonly account?: string;
  /** Text to inject once ready, for runtimes that take no prompt argument. */
  readonly prompt?: string;
  /** Rules the host needs of the runtime record. */
  readonly rules: PaneRules;
}

export interface PaneRules {
  /** The agent is ready when a line starts with this (U+00A0 = space). */
  readonly readyPrefix?: string;
  /** The agent is ready when a line holds this, for screens without a prompt sign at the start of a line. */
  readonly readyText?: string;
  /** Without either: ready after this long. */
  readonly readyDelayMs: number;
  /** `once` = ready as soon as the child runs. */
  readonly ready: 'prefix' | 'text' | 'delay' | 'once';
  readonly busyPatterns: readonly string[];
  readonly limitPatterns: readonly string[];
  readonly dialogs: readonly PaneDialog[];
  /** Typed text is queued by the agent while it is busy (claude, opencode). */
  readonly queuesWhileBusy: boolean;
}

export interface PaneDialog {
  readonly name: string;
  /** All must appear on the screen. */
  readonly shows: readonly string[];
  /** Text of the row to choose; absent = never answer, report needs-input. */
  readonly choose?: string;
}

/** `reason` of an agent that gt has ended in order: nobody misses it. */
export const STOP_ASKED = 'stop asked';

export type PanePhase = 'starting' | 'dialog' | 'ready' | 'idle' | 'busy' | 'limited' | 'exiting' | 'exited';

/** The host's own account, atomically replaced on every change (`<session>.state.json`). */
export interface PaneState {
  readonly session: SessionName;
  readonly spawn: number;
  readonly host: ProcessIdentity;
  readonly child?: ProcessIdentity;
  readonly state: PanePhase;
  /** RFC 3339, as are all times here. */
  readonly since: string;
  readonly started: string;
  readonly lastOutput?: string;
  readonly lastHuman?: string;
  readonly attached: boolean;
  readonly runtime: string;
  readonly bead?: string;
  /** As in `PaneStart`, or as the agent itself has told since: `/clear` begins a new one. */
  readonly conversation?: string;
  readonly resumed?: boolean;
  readonly account?: string;
  /** The session reached ready at least once. */
  readonly wasReady: boolean;
  readonly reason?: string;
  readonly limitReset?: string;
  readonly exit?: { readonly code: number | null; readonly signal: string | null };
}

/** What is true of a session now: the file, checked against the processes it names. */
export type PaneObservation =
  | { readonly kind: 'none' }
  | { readonly kind: 'live'; readonly state: PaneState }
  | { readonly kind: 'exited'; readonly state: PaneState }
  /** The file says alive, the processes are not there: ended without a word. */
  | { readonly kind: 'gone'; readonly state: PaneState }
  | { readonly kind: 'unreadable'; readonly why: string };

export type InjectOutcome =
  | { readonly sent: true }
  /** Nothing was typed: the agent is busy, in a dialog, limited, exited, or a human is typing. */
  | { readonly sent: false; readonly why: string };

/** Pane hosts of one town (DESIGN §4a). */
export interface Panes {
  /** Writes start.json; the host is then started by tmux or by `startDetached`. */
  prepare(start: PaneStart): Promise<void>;
  /** argv that runs the host for a prepared session. */
  hostArgv(session: SessionName): readonly [string, ...string[]];
  observe(session: SessionName): Promise<PaneObservation>;
  /** Every session that has a state file. */
  list(): Promise<readonly SessionName[]>;
  /**
   * The last `lines` rows of the screen and what scrolled off it, blank tail cut; of an ended session what it
   * showed last. Throws NotFoundError `session.not-running` when there never was one.
   */
  screen(session: SessionName, lines: number): Promise<string>;
  /** Connects the calling terminal to a host that runs without tmux, until its end or the detach key. */
  attach(session: SessionName): Promise<AttachEnd>;
  /** Types `text` and Enter when that is safe (DESIGN §4a). */
  inject(session: SessionName, request: InjectRequest): Promise<InjectOutcome>;
  /** Tells the host that the agent has read its hook, and in which conversation. Older spawns are ignored. */
  ready(session: SessionName, spawn: number, conversation?: string): Promise<void>;
  /**
   * Ends this life of the agent and begins the start that was prepared, in the same host and pane. Resolves when the
   * host has agreed: a caller that runs below the agent does not live to see more. RefusedError `pane.not-restarted`.
   */
  restart(session: SessionName, spawn: number): Promise<void>;
  /** Orderly end: TERM to the tree, 3 s, KILL. Resolves when the host is gone or after `waitMs`; true = gone. */
  stop(session: SessionName, waitMs: number): Promise<boolean>;
}

/** `taken` = another terminal attached and this one was let go. */
export type AttachEnd = 'detached' | 'ended' | 'taken';

export interface InjectRequest {
  readonly text: string;
  readonly mode: 'when-idle' | 'immediate';
  /** Wait this long for the agent to become idle. */
  readonly waitMs: number;
}
