import type { SessionName } from '../../core/names.ts';
import type { MrPhase } from '../../beads/forms/merge-request.ts';
import type { RigClosed } from '../../town/wanted.ts';
import type { DaemonView } from '../daemon-protocol.ts';
import type { UnreadBoxes } from './mail.ts';

/** One snapshot of a town for people; every surface renders it, none looks for itself (spec 07 §0). */
export interface TownView {
  /** Unix ms. */
  readonly at: number;
  readonly name: string;
  readonly root: string;
  readonly wanted: 'up' | 'down' | 'unknown';
  readonly overseer: OverseerView | undefined;
  readonly daemon: DaemonServiceView;
  readonly store: StoreView;
  readonly tmux: TmuxView;
  /** Mayor and deacon. */
  readonly agents: readonly AgentView[];
  readonly rigs: readonly RigView[];
  /** Unread mail, by `mailKey` of its owner's address. */
  readonly mail: UnreadBoxes;
  /** What needs a person, worst first; empty = nothing does. */
  readonly attention: readonly Attention[];
  /** What could not be looked at, by name, with the reason. Never shown as zero or as all clear. */
  readonly unavailable: Readonly<Record<string, string>>;
}

export interface OverseerView {
  readonly name: string;
  readonly email: string | undefined;
  readonly username: string | undefined;
  readonly source: string;
}

export type DaemonServiceView =
  | { readonly running: false }
  | {
      readonly running: true;
      readonly pid: number;
      readonly startedAt: string;
      readonly lastHeartbeat: string;
      /** What it said itself; undefined when it did not answer. */
      readonly own: DaemonView | undefined;
    };

export interface StoreView {
  readonly kind: 'sqlite' | 'dolt';
  readonly location: string;
  readonly ok: boolean;
  readonly error: string | undefined;
  readonly databases: readonly string[];
  /** Of the SQLite files. */
  readonly bytes: number | undefined;
  /** The Dolt server's process and port. */
  readonly server: { readonly pid: number | undefined; readonly port: number } | undefined;
}

export interface TmuxView {
  readonly socket: string;
  readonly running: boolean;
  readonly sessions: number;
}

export interface AgentView {
  readonly name: string;
  /** Mail form, `r/n`. */
  readonly address: string;
  readonly session: SessionName;
  readonly role: 'coordinator' | 'health-check' | 'witness' | 'refinery' | 'crew' | 'polecat';
  /** The word people read: working, idle, starting, … */
  readonly state: string;
  /** Session and agent process live. */
  readonly running: boolean;
  readonly attached: boolean;
  /** Runtime that runs, or ran last; undefined = none yet. */
  readonly runtime: string | undefined;
  readonly bead: string | undefined;
  readonly title: string | undefined;
  /** Unix ms since when it is in this state; undefined = unknown. */
  readonly since: number | undefined;
  /** Unix ms of its last sign of work. */
  readonly lastActivity: number | undefined;
  /** All true ones, worst first. */
  readonly reasons: readonly string[];
  readonly needsPerson: boolean;
  /** What gt will do next, and when. */
  readonly next: string | undefined;
}

export interface RigView {
  readonly name: string;
  readonly prefix: string;
  /** No work is given to it. */
  readonly closed: RigClosed | undefined;
  /** Why it cannot be used; everything else is empty then. */
  readonly error: string | undefined;
  readonly polecats: readonly AgentView[];
  readonly crew: readonly AgentView[];
  readonly witness: AgentView | undefined;
  readonly refinery: AgentView | undefined;
  readonly merge: MergeView;
  readonly queue: readonly QueueLine[];
  /** Given up or waiting for a person. */
  readonly blocked: readonly BeadLine[];
}

export interface MergeView {
  /** In landing order as far as known. */
  readonly requests: readonly MergeLine[];
  /** Why a lane stands still; undefined = none does. */
  readonly paused: string | undefined;
  /** The engine runs in the daemon. */
  readonly engine: string;
  readonly waiting: readonly string[];
}

export interface MergeLine {
  readonly id: string;
  readonly phase: MrPhase;
  readonly issue: string | undefined;
  readonly title: string;
  readonly worker: string | undefined;
  /** Why it does not go on; '' when it does. */
  readonly why: string;
  /** Open bead of its conflict. */
  readonly conflict: string | undefined;
}

export interface QueueLine {
  readonly bead: string;
  readonly title: string;
  readonly enqueuedAt: string;
  readonly failures: number;
}

export interface BeadLine {
  readonly id: string;
  readonly title: string;
}

export interface Attention {
  /** `agent`, `bead`, `merge`, `service`, `escalation`, `rig`. */
  readonly kind: 'agent' | 'bead' | 'merge' | 'service' | 'escalation' | 'rig';
  /** Address, bead id or service name. */
  readonly subject: string;
  readonly reason: string;
  /** One command or act that helps. */
  readonly next: string;
}
